// SPDX-License-Identifier: Apache-2.0

/// Everything about one torrent. On the wire it is one object: the fields of the summary and these. All are always
/// present, null for what is not there.
package struct TorrentDetail: ControlObject {
    /// What the list says about it.
    package var summary: TorrentSummary
    /// Absolute path of the folder that the payload lies below.
    package var dir: String
    /// Bytes in a piece; 0 while the metadata are missing.
    package var pieceLength: Int
    /// How many pieces there are; 0 while the metadata are missing.
    package var pieceCount: Int
    /// How many files there are; 0 while the metadata are missing.
    package var fileCount: Int
    /// Pieces that are there and verified.
    package var have: Int
    /// Bytes of what is wanted that are still missing.
    package var left: Int
    /// Whether peers come from the trackers alone (BEP 27).
    package var isPrivate: Bool
    /// The metainfo version; nil while the metadata are missing.
    package var kind: TorrentKind?
    /// Its v2 info-hash, 64 hexadecimal digits (BEP 52); nil for a torrent that has none, or of which it is not known.
    package var infoHashV2: String?
    /// When it was added, seconds since 1970.
    package var added: Int
    /// When it was complete, seconds since 1970; nil while it is not.
    package var completed: Int?
    /// The picker it uses.
    package var picker: String
    /// The choker it uses.
    package var choker: String
    /// The most bytes a second in; 0 for no limit of its own.
    package var downLimit: Int
    /// The most bytes a second out; 0 for no limit of its own.
    package var upLimit: Int
    /// Its trackers.
    package var trackers: [TrackerStatus]
    /// Bytes sent for each byte received, or for each byte that is there when that is more.
    package var ratio: Double
    /// What compression did.
    package var compression: TorrentCompression
    /// Copies of the torrent among the connected peers and here, the fraction being the part that has one more; nil
    /// when unknown.
    package var availability: Double?
    /// Payload bytes received that were of no use.
    package var wasted: Int
    /// Pieces that did not match their hash.
    package var hashFailures: Int
    /// Peers that are connected, as in the summary's `peers`.
    package var connected: Int
    /// Addresses of peers that are known.
    package var knownPeers: Int
    /// Its magnet link.
    package var magnet: String
    /// The comment in the metainfo.
    package var comment: String?
    /// The program that made the metainfo.
    package var createdBy: String?
    /// One sentence why it does not move, when it does not.
    package var reason: String?
    /// Whether the payload was there before the torrent, so that it is never deleted with it.
    package var isOriginal: Bool
    /// Bytes sent for each byte that is there after which seeding it ends; 0 for never.
    package var seedRatio: Double
    /// Seconds since it was complete after which seeding it ends; 0 for never.
    package var seedTime: Int
    /// Seconds without anybody who takes something after which seeding it ends; 0 for never.
    package var seedIdle: Int
    /// Why seeding it has ended, when it has.
    package var seedingEnded: String?
    /// The folder that its files go to when it is complete; nil when they stay.
    package var moveTo: String?
    /// Whether, as a source of all of it, it shows each peer only what nobody else has (BEP 16).
    package var superSeeding: Bool
    /// The web servers that have it.
    package var webSeeds: [WebSeedStatus]

    /// The fields besides those of the summary, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case dir
        case pieceLength = "piece_length"
        case pieceCount = "piece_count"
        case fileCount = "file_count"
        case have
        case left
        case isPrivate = "private"
        case kind
        case infoHashV2 = "info_hash_v2"
        case added
        case completed
        case picker
        case choker
        case downLimit = "down_limit"
        case upLimit = "up_limit"
        case trackers
        case ratio
        case compression
        case availability
        case wasted
        case hashFailures = "hash_failures"
        case connected
        case knownPeers = "known_peers"
        case magnet
        case comment
        case createdBy = "created_by"
        case reason
        case isOriginal = "original"
        case seedRatio = "seed_ratio"
        case seedTime = "seed_time"
        case seedIdle = "seed_idle"
        case seedingEnded = "seeding_ended"
        case moveTo = "move_to"
        case superSeeding = "super_seeding"
        case webSeeds = "web_seeds"
    }

    /// The fields, those of the summary among them.
    package static var fieldNames: [String] {
        TorrentSummary.fieldNames + CodingKeys.allCases.map(\.stringValue)
    }

    /// Starts with what the list says; the rest has the value of a torrent that was just added.
    package init(summary: TorrentSummary) {
        self.summary = summary
        self.dir = ""
        self.pieceLength = 0
        self.pieceCount = 0
        self.fileCount = 0
        self.have = 0
        self.left = 0
        self.isPrivate = false
        self.kind = nil
        self.infoHashV2 = nil
        self.added = 0
        self.completed = nil
        self.picker = ""
        self.choker = ""
        self.downLimit = 0
        self.upLimit = 0
        self.trackers = []
        self.ratio = 0
        self.compression = TorrentCompression(mode: "")
        self.availability = nil
        self.wasted = 0
        self.hashFailures = 0
        self.connected = 0
        self.knownPeers = 0
        self.magnet = ""
        self.comment = nil
        self.createdBy = nil
        self.reason = nil
        self.isOriginal = false
        self.seedRatio = 0
        self.seedTime = 0
        self.seedIdle = 0
        self.seedingEnded = nil
        self.moveTo = nil
        self.superSeeding = false
        self.webSeeds = []
    }
}
