// SPDX-License-Identifier: Apache-2.0

/// What a torrent may ask for before it is refused. Generous beside real torrents, small beside memory.
package enum MetainfoLimits {
    /// Entries in the file list, padding included.
    package static let files = 1_000_000
    /// Pieces of the payload.
    package static let pieces = 8_000_000
    /// Bytes in a piece.
    package static let pieceLength: Int64 = 256 << 20
    /// Folders in one path, the file itself included.
    package static let pathComponents = 128
    /// Bytes of one path with its separators: leaves room for the download folder within PATH_MAX.
    package static let pathBytes = 3072
    /// Bytes of one name in a path (NAME_MAX).
    package static let nameBytes = 255
    /// Trackers kept of a torrent, all tiers together; further ones are ignored.
    package static let trackers = 512
    /// Web seeds kept of a torrent, of each kind; further ones are ignored.
    package static let webSeeds = 512
    /// DHT nodes kept of a torrent; further ones are ignored.
    package static let dhtNodes = 512
    /// Bytes of one URL; longer ones are ignored.
    package static let urlBytes = 4096
    /// Bytes of a magnet link.
    package static let magnetBytes = 256 << 10
}
