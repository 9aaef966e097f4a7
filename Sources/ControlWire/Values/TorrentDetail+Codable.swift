// SPDX-License-Identifier: Apache-2.0

extension TorrentDetail {
    /// Reads the one object that the detail is on the wire.
    package init(from decoder: any Decoder) throws {
        self.init(summary: try TorrentSummary(from: decoder))
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.dir = try container.decode(String.self, forKey: .dir)
        self.pieceLength = try container.decode(Int.self, forKey: .pieceLength)
        self.pieceCount = try container.decode(Int.self, forKey: .pieceCount)
        self.fileCount = try container.decode(Int.self, forKey: .fileCount)
        self.have = try container.decode(Int.self, forKey: .have)
        self.left = try container.decode(Int.self, forKey: .left)
        self.isPrivate = try container.decode(Bool.self, forKey: .isPrivate)
        self.kind = try container.decodeIfPresent(TorrentKind.self, forKey: .kind)
        self.infoHashV2 = try container.decodeIfPresent(String.self, forKey: .infoHashV2)
        self.added = try container.decode(Int.self, forKey: .added)
        self.completed = try container.decodeIfPresent(Int.self, forKey: .completed)
        self.picker = try container.decode(String.self, forKey: .picker)
        self.choker = try container.decode(String.self, forKey: .choker)
        self.downLimit = try container.decodeIfPresent(Int.self, forKey: .downLimit) ?? 0
        self.upLimit = try container.decodeIfPresent(Int.self, forKey: .upLimit) ?? 0
        self.trackers = try container.decode([TrackerStatus].self, forKey: .trackers)
        self.ratio = try container.decode(Double.self, forKey: .ratio)
        self.compression =
            try container.decodeIfPresent(TorrentCompression.self, forKey: .compression) ?? TorrentCompression(mode: "")
        self.availability = try container.decodeIfPresent(Double.self, forKey: .availability)
        self.wasted = try container.decode(Int.self, forKey: .wasted)
        self.hashFailures = try container.decode(Int.self, forKey: .hashFailures)
        self.connected = try container.decode(Int.self, forKey: .connected)
        self.knownPeers = try container.decode(Int.self, forKey: .knownPeers)
        self.magnet = try container.decode(String.self, forKey: .magnet)
        self.comment = try container.decodeIfPresent(String.self, forKey: .comment)
        self.createdBy = try container.decodeIfPresent(String.self, forKey: .createdBy)
        self.reason = try container.decodeIfPresent(String.self, forKey: .reason)
        self.isOriginal = try container.decodeIfPresent(Bool.self, forKey: .isOriginal) ?? false
        self.seedRatio = try container.decodeIfPresent(Double.self, forKey: .seedRatio) ?? 0
        self.seedTime = try container.decodeIfPresent(Int.self, forKey: .seedTime) ?? 0
        self.seedIdle = try container.decodeIfPresent(Int.self, forKey: .seedIdle) ?? 0
        self.seedingEnded = try container.decodeIfPresent(String.self, forKey: .seedingEnded)
        self.moveTo = try container.decodeIfPresent(String.self, forKey: .moveTo)
        self.superSeeding = try container.decodeIfPresent(Bool.self, forKey: .superSeeding) ?? false
        self.webSeeds = try container.decodeIfPresent([WebSeedStatus].self, forKey: .webSeeds) ?? []
    }

    /// Writes the one object that the detail is on the wire.
    package func encode(to encoder: any Encoder) throws {
        try self.summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.dir, forKey: .dir)
        try container.encode(self.pieceLength, forKey: .pieceLength)
        try container.encode(self.pieceCount, forKey: .pieceCount)
        try container.encode(self.fileCount, forKey: .fileCount)
        try container.encode(self.have, forKey: .have)
        try container.encode(self.left, forKey: .left)
        try container.encode(self.isPrivate, forKey: .isPrivate)
        try container.encode(self.kind, forKey: .kind)
        try container.encode(self.infoHashV2, forKey: .infoHashV2)
        try container.encode(self.added, forKey: .added)
        try container.encode(self.completed, forKey: .completed)
        try container.encode(self.picker, forKey: .picker)
        try container.encode(self.choker, forKey: .choker)
        try container.encode(self.downLimit, forKey: .downLimit)
        try container.encode(self.upLimit, forKey: .upLimit)
        try container.encode(self.trackers, forKey: .trackers)
        try container.encode(self.ratio.isFinite ? self.ratio : 0, forKey: .ratio)
        try container.encode(self.compression, forKey: .compression)
        try container.encode(self.availability, forKey: .availability)
        try container.encode(self.wasted, forKey: .wasted)
        try container.encode(self.hashFailures, forKey: .hashFailures)
        try container.encode(self.connected, forKey: .connected)
        try container.encode(self.knownPeers, forKey: .knownPeers)
        try container.encode(self.magnet, forKey: .magnet)
        try container.encode(self.comment, forKey: .comment)
        try container.encode(self.createdBy, forKey: .createdBy)
        try container.encode(self.reason, forKey: .reason)
        try container.encode(self.isOriginal, forKey: .isOriginal)
        try container.encode(self.seedRatio, forKey: .seedRatio)
        try container.encode(self.seedTime, forKey: .seedTime)
        try container.encode(self.seedIdle, forKey: .seedIdle)
        try container.encode(self.seedingEnded, forKey: .seedingEnded)
        try container.encode(self.moveTo, forKey: .moveTo)
        try container.encode(self.superSeeding, forKey: .superSeeding)
        try container.encode(self.webSeeds, forKey: .webSeeds)
    }
}
