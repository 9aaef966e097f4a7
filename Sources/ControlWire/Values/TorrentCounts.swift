// SPDX-License-Identifier: Apache-2.0

/// How many torrents are in each state.
package struct TorrentCounts: ControlObject {
    /// All of them.
    package var total: Int
    /// In `checking`.
    package var checking: Int
    /// In `metadata`.
    package var metadata: Int
    /// In `downloading`.
    package var downloading: Int
    /// In `seeding`.
    package var seeding: Int
    /// In `paused`.
    package var paused: Int
    /// In `queued`.
    package var queued: Int
    /// In `suspended`.
    package var suspended: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case total
        case checking
        case metadata
        case downloading
        case seeding
        case paused
        case queued
        case suspended
    }

    /// Takes the fields as they are.
    package init(
        total: Int = 0, checking: Int = 0, metadata: Int = 0, downloading: Int = 0, seeding: Int = 0, paused: Int = 0,
        queued: Int = 0, suspended: Int = 0
    ) {
        self.total = total
        self.checking = checking
        self.metadata = metadata
        self.downloading = downloading
        self.seeding = seeding
        self.paused = paused
        self.queued = queued
        self.suspended = suspended
    }

    /// Reads the object; a field with a default may be absent.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.total = try container.decodeIfPresent(Int.self, forKey: .total) ?? 0
        self.checking = try container.decodeIfPresent(Int.self, forKey: .checking) ?? 0
        self.metadata = try container.decodeIfPresent(Int.self, forKey: .metadata) ?? 0
        self.downloading = try container.decodeIfPresent(Int.self, forKey: .downloading) ?? 0
        self.seeding = try container.decodeIfPresent(Int.self, forKey: .seeding) ?? 0
        self.paused = try container.decodeIfPresent(Int.self, forKey: .paused) ?? 0
        self.queued = try container.decodeIfPresent(Int.self, forKey: .queued) ?? 0
        self.suspended = try container.decodeIfPresent(Int.self, forKey: .suspended) ?? 0
    }
}
