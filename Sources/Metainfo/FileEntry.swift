// SPDX-License-Identifier: Apache-2.0

/// One file of a torrent: where it lies in the payload and on disk.
package struct FileEntry: Hashable, Sendable {
    /// Names from the download folder down: the torrent's own folder first when it has one. Safe: no name is empty, `.`
    /// or `..`, none holds a separator or a control character, and no two entries that are written share a path or use
    /// each other as a folder. Padding is never written; its path is for show.
    package let path: [String]
    /// Bytes of the file; 0 for a symbolic link.
    package let length: UInt64
    /// Where its first byte lies in the payload.
    package let offset: UInt64
    /// What else is known of it.
    package let attributes: FileAttributes
    /// Where a symbolic link leads, from the download folder down and inside the torrent's folder; nil for anything
    /// else. The target need not exist.
    package let symlinkTarget: [String]?
    /// Root of its merkle tree (BEP 52), 32 bytes; nil in v1 torrents and for files without bytes.
    package let piecesRoot: [UInt8]?

    /// Takes the parts as they are.
    package init(
        path: [String], length: UInt64, offset: UInt64, attributes: FileAttributes = [],
        symlinkTarget: [String]? = nil, piecesRoot: [UInt8]? = nil
    ) {
        self.path = path
        self.length = length
        self.offset = offset
        self.attributes = attributes
        self.symlinkTarget = symlinkTarget
        self.piecesRoot = piecesRoot
    }

    /// Whether it only fills the payload up to a piece boundary: zeros that are never stored (BEP 47).
    package var isPadding: Bool { self.attributes.contains(.padding) }
    /// Whether it may be executed.
    package var isExecutable: Bool { self.attributes.contains(.executable) }
    /// Whether its maker wants it hidden.
    package var isHidden: Bool { self.attributes.contains(.hidden) }
    /// Where its last byte ends in the payload.
    package var end: UInt64 { self.offset + self.length }
}
