// SPDX-License-Identifier: Apache-2.0

import Database
import SwarmModel

extension TorrentRecord {
    static let insertStatement =
        "INSERT INTO torrents (info_hash, name, magnet, folder, added, paused, picker, choker, trackers, uploaded, "
        + "downloaded, completed, error, original, length, piece_length, file_count, disk, down_limit, up_limit, "
        + "compression, priorities, choices, super_seeding, place, seed_ratio, seed_time, seed_idle, seeding_ended, "
        + "seeds_on, labels, move_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    private static let columns =
        "t.info_hash, name, magnet, folder, added, paused, picker, choker, trackers, uploaded, downloaded, "
        + "completed, error, m.info_hash IS NOT NULL, original, length, piece_length, file_count, disk, "
        + "down_limit, up_limit, compression, priorities, choices, super_seeding, place, seed_ratio, seed_time, "
        + "seed_idle, seeding_ended, seeds_on, labels, move_to"
    private static let source = "FROM torrents t LEFT JOIN metainfo m USING (info_hash)"

    static let selectStatement = "SELECT \(columns) \(source)"

    /// As `selectStatement`, of all torrents in order, followed by the recorded pieces: their number and their bits.
    static let rosterStatement =
        "SELECT \(columns), p.count, p.bits \(source) LEFT JOIN pieces p ON p.info_hash = t.info_hash "
        + "ORDER BY added, t.rowid"
    static let piecesColumn = 33

    /// In the order of `insertStatement`.
    var insertValues: [SQLValue] {
        [
            .blob(self.infoHash.bytes), .text(self.name), .optional(self.magnet), .text(self.folder),
            .integer(self.added), .boolean(self.isPaused), .optional(self.picker), .optional(self.choker),
            .text(Self.text(ofTiers: self.trackers)), .integer(self.uploaded), .integer(self.downloaded),
            .optional(self.completed), .optional(self.error), .boolean(self.isOriginal),
        ] + Self.values(of: self.shape) + [
            .optional(self.disk), .integer(Int64(self.caps.download)), .integer(Int64(self.caps.upload)),
            .optional(self.compression), .optional(self.priorities), .optional(self.choices),
            .boolean(self.superSeeds), .integer(self.place), .optional(self.seedLimits.ratio),
            .optional(self.seedLimits.time), .optional(self.seedLimits.idle), .optional(self.seedingEnded),
            .boolean(self.seedsOn), .optional(Self.text(ofLabels: self.labels)),
            .optional(self.moveTo),
        ]
    }

    /// The columns of a shape: length, piece length, files.
    static func values(of shape: TorrentShape?) -> [SQLValue] {
        guard let shape else { return [.null, .null, .null] }
        return [
            .integer(shape.geometry.totalLength), .integer(Int64(shape.geometry.pieceLength)),
            .integer(shape.fileCount),
        ]
    }

    /// In the order of `selectStatement`; nil when the hash has not twenty bytes.
    init?(_ row: borrowing SQLRow) {
        guard let infoHash = InfoHash(bytes: row.blob(0)) else { return nil }
        self.init(
            infoHash: infoHash, name: row.text(1), folder: row.text(3), added: row.integer(4),
            magnet: row.optionalText(2))
        self.isPaused = row.boolean(5)
        self.picker = row.optionalText(6)
        self.choker = row.optionalText(7)
        self.trackers = Self.tiers(ofText: row.text(8))
        self.uploaded = UInt64(clamping: row.integer(9))
        self.downloaded = UInt64(clamping: row.integer(10))
        self.completed = row.optionalInteger(11)
        self.error = row.optionalText(12)
        self.hasMetainfo = row.boolean(13)
        self.isOriginal = row.boolean(14)
        self.shape = TorrentShape(
            length: row.optionalInteger(15), pieceLength: row.optionalInteger(16), fileCount: row.optionalInteger(17))
        self.disk = row.optionalText(18)
        self.caps = TransferCaps(
            download: max(0, Int(clamping: row.integer(19))), upload: max(0, Int(clamping: row.integer(20))))
        self.compression = row.optionalText(21)
        self.priorities = row.optionalText(22)
        self.choices = row.optionalText(23)
        self.superSeeds = row.boolean(24)
        self.place = row.integer(25)
        self.seedLimits = SeedLimits(
            ratio: row.optionalReal(26), time: row.optionalInteger(27), idle: row.optionalInteger(28))
        self.seedingEnded = row.optionalText(29)
        self.seedsOn = row.boolean(30)
        self.labels = row.optionalText(31)?.split(separator: "\n").map { String($0) } ?? []
        self.moveTo = row.optionalText(32)
    }

    /// One a line; nil for none.
    static func text(ofLabels labels: [String]) -> String? {
        labels.isEmpty ? nil : labels.joined(separator: "\n")
    }

    /// One URL a line, an empty line between tiers.
    static func text(ofTiers tiers: [[String]]) -> String {
        tiers.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    static func tiers(ofText text: String) -> [[String]] {
        var tiers: [[String]] = [[]]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { tiers.append([]) } else { tiers[tiers.count - 1].append(String(line)) }
        }
        return tiers.filter { !$0.isEmpty }
    }
}

extension TorrentShape {
    /// Nil when something is missing or makes no geometry.
    fileprivate init?(length: Int64?, pieceLength: Int64?, fileCount: Int64?) {
        guard let length = length.flatMap({ UInt64(exactly: $0) }),
            let pieceLength = pieceLength.flatMap({ UInt32(exactly: $0) }),
            let fileCount = fileCount.flatMap({ Int(exactly: $0) }),
            let geometry = TorrentGeometry(totalLength: length, pieceLength: pieceLength)
        else { return nil }
        self.init(geometry: geometry, fileCount: fileCount)
    }
}
