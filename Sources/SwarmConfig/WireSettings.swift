// SPDX-License-Identifier: Apache-2.0

/// `[wire]`: what is negotiated with other Swarm peers.
package struct WireSettings: Hashable, Sendable {
    /// Whether piece data is compressed.
    package var compression = CompressionPolicy.auto
    /// How hard.
    package var compressionLevel = 4
    /// Memory for compressed blocks that are sent again.
    package var compressionCache = ByteCount.mebibytes(64)

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "wire", "compression", \.wire.compression, .live,
                help: "Compress piece data between Swarm peers. \"auto\" does it while a connection is slower than the"
                    + " processor and the data shrinks; \"never\" does not take compressed data either. swarmctl set"
                    + " chooses for one torrent."),
            SettingKey(
                "wire", "compression_level", \.wire.compressionLevel, .live, .within(1...9),
                help: "From 1, fastest, to 9, smallest."),
            SettingKey(
                "wire", "compression_cache", \.wire.compressionCache, .restart,
                .within(.mebibytes(1) ... .gibibytes(64)),
                help: "Memory for compressed data that is kept to be sent to other peers as well."),
        ]
    }
}
