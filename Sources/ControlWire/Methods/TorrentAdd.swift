// SPDX-License-Identifier: Apache-2.0

/// Adds a torrent from its metainfo, a magnet link, a URL or a bare info-hash.
package enum TorrentAdd: ControlMethod {
    /// The name on the wire.
    package static let name = "torrent.add"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.change

    /// What goes in.
    package struct Params: ControlObject {
        /// Where the torrent comes from; its one field stands beside the others on the wire.
        package var source: TorrentSource
        /// Absolute path of the folder that the payload goes below; absent means the configured one.
        package var dir: String?
        /// Whether it stays stopped until `torrent.resume`.
        package var paused: Bool
        /// The piece picker; absent means the configured one.
        package var picker: String?
        /// The choker; absent means the configured one.
        package var choker: String?
        /// Announce URLs to use besides those that the torrent names.
        package var trackers: [String]
        /// How much its files matter; those that are not named are normal.
        package var files: [FileChoice]
        /// What it is marked with.
        package var labels: [String]
        /// Absolute path of the folder that its files go to when it is complete; absent means that they stay.
        package var moveTo: String?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case dir
            case paused
            case picker
            case choker
            case trackers
            case files
            case labels
            case moveTo = "move_to"
        }

        /// Takes the fields as they are.
        package init(
            source: TorrentSource, dir: String? = nil, paused: Bool = false, picker: String? = nil,
            choker: String? = nil, trackers: [String] = [], files: [FileChoice] = [],
            labels: [String] = [], moveTo: String? = nil
        ) {
            self.source = source
            self.dir = dir
            self.paused = paused
            self.picker = picker
            self.choker = choker
            self.trackers = trackers
            self.files = files
            self.labels = labels
            self.moveTo = moveTo
        }

        /// Reads the object; a field with a default may be absent.
        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.source = try TorrentSource(from: decoder)
            self.dir = try container.decodeIfPresent(String.self, forKey: .dir)
            self.paused = try container.decodeIfPresent(Bool.self, forKey: .paused) ?? false
            self.picker = try container.decodeIfPresent(String.self, forKey: .picker)
            self.choker = try container.decodeIfPresent(String.self, forKey: .choker)
            self.trackers = try container.decodeIfPresent([String].self, forKey: .trackers) ?? []
            self.files = try container.decodeIfPresent([FileChoice].self, forKey: .files) ?? []
            self.labels = try container.decodeIfPresent([String].self, forKey: .labels) ?? []
            self.moveTo = try container.decodeIfPresent(String.self, forKey: .moveTo)
        }

        /// Writes the object.
        package func encode(to encoder: any Encoder) throws {
            try self.source.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(self.dir, forKey: .dir)
            try container.encode(self.paused, forKey: .paused)
            try container.encodeIfPresent(self.picker, forKey: .picker)
            try container.encodeIfPresent(self.choker, forKey: .choker)
            try container.encode(self.trackers, forKey: .trackers)
            if !self.files.isEmpty { try container.encode(self.files, forKey: .files) }
            if !self.labels.isEmpty { try container.encode(self.labels, forKey: .labels) }
            try container.encodeIfPresent(self.moveTo, forKey: .moveTo)
        }

        /// The fields, those of the source among them.
        package static var fieldNames: [String] {
            TorrentSource.CodingKeys.allCases.map(\.stringValue) + CodingKeys.allCases.map(\.stringValue)
        }
    }

    /// What comes out.
    package typealias Result = TorrentReference
}
