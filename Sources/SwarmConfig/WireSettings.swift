// SPDX-License-Identifier: Apache-2.0

/// `[wire]`: what is negotiated with other Swarm peers.
package struct WireSettings: Hashable, Sendable {
    /// Whether piece data is compressed.
    package var compression = CompressionPolicy.auto

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "wire", "compression", \.wire.compression, .restart,
                help: "Compress piece data between Swarm peers; \"auto\" does it while it pays.")
        ]
    }
}
