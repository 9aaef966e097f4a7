// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Where a torrent's payload lies: its files in payload order, and how the payload divides into pieces.
///
/// A layout that exists is sound: every path is made of plain names, no two entries are in each other's way, and the
/// entries cover the payload without gap or overlap.
package struct FileLayout: Hashable, Sendable {
    /// What an entry is on disk.
    package enum Kind: Hashable, Sendable {
        /// A file.
        case regular(isExecutable: Bool)
        /// Zeros that fill up to a piece's end (BEP 47); not on disk.
        case padding
        /// A symbolic link; the target is relative to the download folder (BEP 47).
        case symbolicLink(target: [String])
    }

    /// One entry.
    package struct File: Hashable, Sendable {
        /// Names from the download folder down; the last is the file's.
        package let path: [String]
        /// Offset of its first byte in the payload.
        package let offset: UInt64
        /// Bytes; 0 for links.
        package let length: UInt64
        /// What it is on disk.
        package let kind: Kind

        /// Describes an entry.
        package init(path: [String], offset: UInt64, length: UInt64, kind: Kind = .regular(isExecutable: false)) {
            self.path = path
            self.offset = offset
            self.length = length
            self.kind = kind
        }

        /// Offset in the payload of the byte after the last.
        package var end: UInt64 { self.offset + self.length }

        /// The path below the download folder, with slashes.
        package var relativePath: String { self.path.joined(separator: "/") }
    }

    /// All entries, in payload order.
    package let files: [File]
    /// How the payload divides into pieces.
    package let geometry: TorrentGeometry
    /// The numbers of the files that hold bytes (padding included), with rising offsets: for finding bytes.
    let occupied: [Int]

    /// Checks and takes the entries of a torrent.
    package init(files: [File], geometry: TorrentGeometry) throws(FileLayoutError) {
        self.files = files
        self.geometry = geometry
        self.occupied = files.indices.filter { files[$0].length > 0 }
        try Self.checkCoverage(files, geometry)
        try Self.checkPaths(files)
    }

    private static func checkCoverage(_ files: [File], _ geometry: TorrentGeometry) throws(FileLayoutError) {
        var position: UInt64 = 0
        for file in files {
            guard file.offset == position || file.length == 0 else {
                throw FileLayoutError(.gap, path: file.relativePath)
            }
            if case .symbolicLink = file.kind, file.length != 0 {
                throw FileLayoutError(.linkWithContent, path: file.relativePath)
            }
            let (end, overflow) = position.addingReportingOverflow(file.length)
            guard !overflow else { throw FileLayoutError(.gap, path: file.relativePath) }
            position = end
        }
        guard position == geometry.totalLength else {
            throw FileLayoutError(.gap, path: files.last?.relativePath ?? "")
        }
    }

    private static func checkPaths(_ files: [File]) throws(FileLayoutError) {
        var taken = Set<FolderPath>()
        var folders = Set<FolderPath>()
        for file in files where file.kind != .padding {
            try Self.checkNames(file.path)
            if case .symbolicLink(let target) = file.kind { try Self.checkLink(file.path, to: target) }
            let path = FolderPath(file.path)
            guard taken.insert(path).inserted else { throw FileLayoutError(.duplicate, path: file.relativePath) }
            var folder = path.parent
            while let next = folder, folders.insert(next).inserted { folder = next.parent }
        }
        if let clash = taken.first(where: folders.contains) {
            throw FileLayoutError(.duplicate, path: clash.names.joined(separator: "/"))
        }
    }

    private static func checkLink(_ path: [String], to target: [String]) throws(FileLayoutError) {
        try Self.checkNames(target)
        let isInside = path.count > 1 && target[0].utf8.elementsEqual(path[0].utf8)
        guard isInside else { throw FileLayoutError(.linkLeadsOut, path: path.joined(separator: "/")) }
    }

    private static func checkNames(_ path: [String]) throws(FileLayoutError) {
        guard !path.isEmpty else { throw FileLayoutError(.unsafeName, path: "") }
        for name in path {
            let isPlain = !name.isEmpty && name != "." && name != ".." && !name.utf8.contains { $0 == 0 || $0 == 0x2f }
            guard isPlain else { throw FileLayoutError(.unsafeName, path: path.joined(separator: "/")) }
        }
    }
}
