// SPDX-License-Identifier: Apache-2.0

/// Hashes a file or folder where it lies, adds it as a torrent, seeds it and registers it with the tracker's catalogue.
///
/// The job's `info_hash` is set as soon as it is known; after `done` the torrent is there.
package enum TorrentShare: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.share"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// Absolute path of the file or folder; it is never changed or deleted. Symbolic links on the way are followed.
        package var path: String
        /// Announce URLs, a tier each; empty means the configured ones.
        package var trackers: [String]
        /// Bytes in a piece, a power of two from 16 KiB; absent means fitting for the size.
        package var pieceLength: Int?
        /// Whether peers come from the trackers alone (BEP 27).
        package var isPrivate: Bool
        /// The metainfo version.
        package var kind: TorrentKind
        /// A comment to put into the metainfo.
        package var comment: String?
        /// URLs of web servers that have the file, or below which the folder lies (BEP 19).
        package var webSeeds: [String]
        /// The piece picker; absent means the configured one.
        package var picker: String?
        /// The choker; absent means the configured one.
        package var choker: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case path
            case trackers
            case pieceLength = "piece_length"
            case isPrivate = "private"
            case kind
            case comment
            case webSeeds = "web_seeds"
            case picker
            case choker
        }

        /// Takes the fields as they are.
        package init(
            path: String, trackers: [String] = [], pieceLength: Int? = nil, isPrivate: Bool = false,
            kind: TorrentKind = .v1, comment: String? = nil, webSeeds: [String] = [], picker: String? = nil,
            choker: String? = nil
        ) {
            self.path = path
            self.trackers = trackers
            self.pieceLength = pieceLength
            self.isPrivate = isPrivate
            self.kind = kind
            self.comment = comment
            self.webSeeds = webSeeds
            self.picker = picker
            self.choker = choker
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.path = try container.decode(String.self, forKey: .path)
            self.trackers = try container.decodeIfPresent([String].self, forKey: .trackers) ?? []
            self.pieceLength = try container.decodeIfPresent(Int.self, forKey: .pieceLength)
            self.isPrivate = try container.decodeIfPresent(Bool.self, forKey: .isPrivate) ?? false
            self.kind = try container.decodeIfPresent(TorrentKind.self, forKey: .kind) ?? .v1
            self.comment = try container.decodeIfPresent(String.self, forKey: .comment)
            self.webSeeds = try container.decodeIfPresent([String].self, forKey: .webSeeds) ?? []
            self.picker = try container.decodeIfPresent(String.self, forKey: .picker)
            self.choker = try container.decodeIfPresent(String.self, forKey: .choker)
        }
    }

    /// What comes out.
    package typealias Result = JobReference
}
