// SPDX-License-Identifier: Apache-2.0

/// Where the metadata of a torrent are, to be given to peers (BEP 9). They are read when somebody asks: most torrents are
/// never asked for them.
package struct MetadataSource: Sendable {
    /// Bytes of the info dictionary.
    package let size: Int
    /// Reads it; nil when it cannot be had. Called on the torrent's loop; may take its time.
    package let load: @Sendable () async -> [UInt8]?

    /// Takes both as they are.
    package init(size: Int, load: @escaping @Sendable () async -> [UInt8]?) {
        self.size = size
        self.load = load
    }
}
