// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import PeerNetwork
import StateStore
import SwarmConfig
import SwarmEvents
import SwarmModel

/// When seeding ends.
extension TorrentDirectory {
    private static let mostRatio = 10_000.0
    private static let mostSeconds: Int64 = 3_650 * 86_400

    /// When seeding a torrent ends, its own limits and the configured ones taken together.
    func seedLimits(of entry: TorrentEntry) -> SeedLimits {
        entry.record.seedLimits.over(self.services.configuration.queue.seedLimits)
    }

    /// Notes which running torrents have moved anything since the last look.
    func noteActivity(now: Int64 = WallClock.elapsed()) {
        for entry in self.entries.values where entry.handle != nil {
            let totals = entry.totals
            if entry.activity == nil {
                entry.activity = TorrentActivity(totals, now: now)
            } else {
                entry.activity?.note(totals, now: now)
            }
        }
    }

    /// Pauses complete torrents that have been served for long enough. Those that somebody has resumed since are left alone.
    /// `now` is seconds since 1970, `elapsed` seconds of the clock that nobody sets.
    func endSeeding(now: Int64 = WallClock.now(), elapsed: Int64 = WallClock.elapsed()) async {
        for entry in self.entries.values {
            guard let status = entry.handle?.status, status.phase == .seeding, entry.verifications == 0,
                !entry.record.seedsOn, !entry.record.isPaused, !entry.isRemoved
            else { continue }
            let end = SeedingEnd(self.seedLimits(of: entry))
            guard end.isSet else { continue }
            let reason = end.reason(
                ratio: Self.ratio(of: entry), complete: entry.record.completed.map { now - $0 },
                idle: entry.activity.map { elapsed - $0.sent })
            if let reason { await self.endSeeding(entry, reason) }
        }
    }

    private func endSeeding(_ entry: TorrentEntry, _ reason: String) async {
        entry.record.isPaused = true
        entry.record.seedingEnded = reason
        await self.save(entry, .paused(true), .seedingEnded(reason))
        self.logger.event(
            .seedingEnded, "\(entry.outline.name) is seeded no more: \(reason)",
            entry.logFields.merging(["reason": "\(reason)"]) { $1 })
        await self.standStill(entry)
    }

    /// Somebody resumes a torrent: when its limits had ended seeding it, they do so no more.
    func serveOn(_ entry: TorrentEntry) async {
        guard entry.record.seedingEnded != nil else { return }
        entry.record.seedingEnded = nil
        entry.record.seedsOn = true
        await self.save(entry, .seedingEnded(nil), .seedsOn(true))
    }

    /// Gives a torrent other limits of its own, which hold whatever was before. Returns what is to be recorded.
    func take(_ limits: SeedLimits, of entry: TorrentEntry) -> [TorrentChange] {
        guard entry.record.seedLimits != limits else { return [] }
        entry.record.seedLimits = limits
        guard entry.record.seedsOn else { return [.seedLimits(limits)] }
        entry.record.seedsOn = false
        return [.seedLimits(limits), .seedsOn(false)]
    }

    /// A torrent's own limits as they are to be.
    static func seedLimits(
        _ own: SeedLimits, with params: TorrentSet.Params
    ) throws(ControlError) -> SeedLimits {
        var wanted = own
        if let text = params.seedRatio {
            wanted.ratio = text == ControlProtocol.defaultStrategy ? nil : Double(text)
            guard wanted.ratio.map({ (0...Self.mostRatio).contains($0) }) ?? (text == ControlProtocol.defaultStrategy)
            else {
                throw ControlError(
                    .invalidParams,
                    "seed_ratio is a number from 0 to \(Int(Self.mostRatio)), not \u{201C}\(text.prefix(40))\u{201D}")
            }
        }
        wanted.time = try Self.seconds(params.seedTime, own.time, "seed_time")
        wanted.idle = try Self.seconds(params.seedIdle, own.idle, "seed_idle")
        return wanted
    }

    private static func seconds(_ text: String?, _ own: Int64?, _ name: String) throws(ControlError) -> Int64? {
        guard let text else { return own }
        if text == ControlProtocol.defaultStrategy { return nil }
        guard let seconds = Int64(text), (0...Self.mostSeconds).contains(seconds) else {
            throw ControlError(
                .invalidParams,
                "\(name) is a number of seconds from 0 to \(Self.mostSeconds), not \u{201C}\(text.prefix(40))\u{201D}")
        }
        return seconds
    }
}
