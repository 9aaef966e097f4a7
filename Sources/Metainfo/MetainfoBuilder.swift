// SPDX-License-Identifier: Apache-2.0

import Bencode
package import SwarmModel

/// Makes torrents. It reads no file: describe the payload, ask for `entries` (what lies where, padding included), hash
/// that, and hand the hashes to `torrent(pieceHashes:merkles:)`.
package struct MetainfoBuilder: Sendable {
    /// What kinds of torrent are made.
    package enum Kind: Hashable, Sendable {
        /// BEP 3: any client.
        case v1
        /// BEP 3 and BEP 52 at once: any client, and v2 swarms too.
        case hybrid
        /// BEP 52 alone.
        case v2

        /// Whether it has the SHA-1s of pieces and a list of files.
        package var isV1: Bool { self != .v2 }
        /// Whether it has hash trees, and every file begins a piece.
        package var isV2: Bool { self != .v1 }
    }

    /// A file to be shared.
    package struct File: Hashable, Sendable {
        /// Names from the shared folder down; for a single file its name.
        package var path: [String]
        /// Bytes; 0 for a symbolic link.
        package var length: UInt64
        /// `executable` and `hidden` are kept; `symlink` follows from the target.
        package var attributes: FileAttributes
        /// Where a symbolic link leads: names from the shared folder down. Nil for a file.
        package var symlinkTarget: [String]?

        /// Takes the parts as they are.
        package init(
            path: [String], length: UInt64, attributes: FileAttributes = [], symlinkTarget: [String]? = nil
        ) {
            self.path = path
            self.length = length
            self.attributes = attributes
            self.symlinkTarget = symlinkTarget
        }
    }

    /// Name of the shared file or folder.
    package let name: String
    /// Bytes in a piece.
    package let pieceLength: UInt32
    /// Which kind is made.
    package let kind: Kind
    /// Whether the payload is one file without a folder.
    package let isSingleFile: Bool
    /// The payload in order: files by the bytes of their names, folder by folder, padding between them where the kind
    /// wants it. Their paths begin with the torrent's folder, as in `Metainfo.files`.
    package let entries: [FileEntry]
    /// How the payload divides into pieces.
    package let geometry: TorrentGeometry

    /// Trackers in tiers.
    package var trackerTiers: [[String]] = []
    /// Web servers that have the payload.
    package var webSeeds: [String] = []
    /// Whether peers may be had from the trackers only.
    package var isPrivate = false
    /// What to say of it.
    package var comment: String?
    /// The program that makes it.
    package var createdBy: String?
    /// Seconds since 1970; none is written when nil.
    package var creationDate: Int64?
    /// A mark that makes the info-hash different from that of another torrent of the same payload.
    package var source: String?

    /// Describes a payload. Throws when a name would not survive the cleaning every reader applies (the torrent would
    /// then not name the file that was shared), when two files share a path, when the piece length is not a power of two
    /// of at least 16 KiB, or when there is nothing to share.
    package init(
        name: String, pieceLength: UInt32, files: [File], kind: Kind, isSingleFile: Bool
    ) throws(MetainfoError) {
        guard PieceLengthChoice.isAllowed(UInt64(pieceLength)) else {
            throw MetainfoError(
                "piece length",
                .unacceptable(found: "\(pieceLength)", wanted: "a power of two from 16 KiB to 256 MiB is needed"))
        }
        try PayloadPlan.check(name: name, files: files, isSingleFile: isSingleFile)
        let plan = try PayloadPlan(name: name, files: files, isSingleFile: isSingleFile)
        let aligned = kind.isV2 ? FileLayout.aligned(plan.files, to: UInt64(pieceLength)) : plan.files
        self.geometry = try InfoDictionary.geometry(aligned, pieceLength: pieceLength)
        self.entries = try FileLayout.entries(aligned, folder: isSingleFile ? nil : name, name: name)
        self.name = name
        self.pieceLength = pieceLength
        self.kind = kind
        self.isSingleFile = isSingleFile
    }
}
