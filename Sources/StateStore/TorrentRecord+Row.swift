// SPDX-License-Identifier: Apache-2.0

import Database
import SwarmModel

extension TorrentRecord {
    static let insertStatement =
        "INSERT INTO torrents (info_hash, name, magnet, folder, added, paused, picker, choker, trackers, uploaded, "
        + "downloaded, completed, error, original) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    static let selectStatement =
        "SELECT t.info_hash, name, magnet, folder, added, paused, picker, choker, trackers, uploaded, downloaded, "
        + "completed, error, m.info_hash IS NOT NULL, original FROM torrents t LEFT JOIN metainfo m USING (info_hash)"

    /// In the order of `insertStatement`.
    var insertValues: [SQLValue] {
        [
            .blob(self.infoHash.bytes), .text(self.name), .optional(self.magnet), .text(self.folder),
            .integer(self.added), .boolean(self.isPaused), .optional(self.picker), .optional(self.choker),
            .text(Self.text(ofTiers: self.trackers)), .integer(self.uploaded), .integer(self.downloaded),
            .optional(self.completed), .optional(self.error), .boolean(self.isOriginal),
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
