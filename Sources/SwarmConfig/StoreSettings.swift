// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[store]`: piece data on its way to and from the disk.
package struct StoreSettings: Hashable, Sendable {
    /// Memory for pieces that are not yet written.
    package var bufferMemory = ByteCount.mebibytes(64)
    /// Memory for what was read ahead for uploads.
    package var readCache = ByteCount.mebibytes(32)
    /// How long written pieces may wait to be made durable and recorded.
    package var syncInterval = Interval.seconds(5)

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "store", "buffer_memory", \.store.bufferMemory, .restart, .within(.mebibytes(1) ... .gibibytes(64)),
                help: "Memory for pieces that are not yet written, of all torrents together."),
            SettingKey(
                "store", "read_cache", \.store.readCache, .restart, .within(.mebibytes(1) ... .gibibytes(64)),
                help: "Memory for data read ahead for uploads."),
            SettingKey(
                "store", "sync_interval", \.store.syncInterval, .live, .within(.milliseconds(100) ... .seconds(600)),
                help: "How long written pieces may wait until they are made durable and recorded; after a crash what"
                    + " was not recorded is checked again."),
        ]
    }
}
