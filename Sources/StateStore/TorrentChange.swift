// SPDX-License-Identifier: Apache-2.0

import Database
package import SwarmModel

/// One change to a stored torrent.
package enum TorrentChange: Sendable {
    case name(String)
    case magnet(String?)
    case folder(String)
    case paused(Bool)
    case picker(String?)
    case choker(String?)
    /// The most that it may move; no caps of its own where they are 0.
    case downloadCap(Int)
    case uploadCap(Int)
    case compression(String?)
    case superSeeding(Bool)
    /// The priorities of its files (`FilePriorities.text`); nil when all are normal.
    case priorities(String?)
    /// What was chosen before its files were known.
    case choices(String?)
    case trackers([[String]])
    /// Where its files go when it is complete; nil when they stay.
    case moveTo(String?)
    /// What it is marked with.
    case labels([String])
    /// Its place in the queue.
    case place(Int64)
    /// When seeding it ends; nil for as the daemon does.
    case seedLimits(SeedLimits)
    /// Why seeding it has ended; nil when it has not.
    case seedingEnded(String?)
    /// Whether it is served past its limits.
    case seedsOn(Bool)
    /// Seconds since 1970.
    case completed(Int64?)
    case error(String?)
    /// Whether the payload was there before the torrent.
    case original(Bool)
    /// Where the disk is mounted that the payload lies on.
    case disk(String?)

    /// The columns and what goes into them.
    var assignments: [(column: String, value: SQLValue)] {
        if case .seedLimits(let limits) = self {
            return [
                ("seed_ratio", .optional(limits.ratio)), ("seed_time", .optional(limits.time)),
                ("seed_idle", .optional(limits.idle)),
            ]
        }
        return self.assignment.map { [$0] } ?? []
    }

    private var assignment: (column: String, value: SQLValue)? {
        switch self {
        case .name(let text): ("name", .text(text))
        case .magnet(let text): ("magnet", .optional(text))
        case .folder(let text): ("folder", .text(text))
        case .paused(let flag): ("paused", .boolean(flag))
        case .picker(let text): ("picker", .optional(text))
        case .choker(let text): ("choker", .optional(text))
        case .downloadCap(let rate): ("down_limit", .integer(Int64(rate)))
        case .uploadCap(let rate): ("up_limit", .integer(Int64(rate)))
        case .compression(let text): ("compression", .optional(text))
        case .superSeeding(let flag): ("super_seeding", .boolean(flag))
        case .priorities(let text): ("priorities", .optional(text))
        case .choices(let text): ("choices", .optional(text))
        case .trackers(let tiers): ("trackers", .text(TorrentRecord.text(ofTiers: tiers)))
        case .moveTo(let path): ("move_to", .optional(path))
        case .labels(let labels): ("labels", .optional(TorrentRecord.text(ofLabels: labels)))
        case .place(let number): ("place", .integer(number))
        case .seedLimits: nil
        case .seedingEnded(let text): ("seeding_ended", .optional(text))
        case .seedsOn(let flag): ("seeds_on", .boolean(flag))
        case .completed(let time): ("completed", .optional(time))
        case .error(let text): ("error", .optional(text))
        case .original(let flag): ("original", .boolean(flag))
        case .disk(let path): ("disk", .optional(path))
        }
    }
}
