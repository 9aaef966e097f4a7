// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

/// When one torrent announces what to which of its trackers: a value that is told the time and what came of each
/// announce, and says what to send next.
///
/// One tracker is spoken to at a time (BEP 12): tiers in order, a tier in an order that was drawn once, the next tier
/// only while all of this one fail; a tracker that answers moves to the front of its tier. Each tracker has its own
/// growing wait after failures. Every tracker hears `started` first; `completed` goes out once, at once; `stopped` to
/// all that heard of us.
package struct AnnounceSchedule: Sendable {
    /// Most trackers that are taken of a torrent.
    package static let maximumTrackers = 100

    /// The trackers, in the order of the torrent; their places never change.
    package internal(set) var trackers: [TrackerStanding] = []
    let policy: AnnouncePolicy
    var tiers: [[Int]] = []
    var random: SplitMix64
    /// When the next announce is wanted, whichever tracker takes it.
    var due: Instant
    /// The tracker that answered last.
    var current: Int?
    var inFlight: Int?
    var owesCompleted = false
    var isStopped = false

    /// A schedule whose first announce is due at `now`. URLs that are empty or there twice are dropped.
    package init(tiers: [[String]], policy: AnnouncePolicy = AnnouncePolicy(), random: SplitMix64, at now: Instant) {
        self.policy = policy
        self.random = random
        self.due = now
        var seen: Set<String> = []
        for urls in tiers {
            var tier: [Int] = []
            for url in urls where !url.isEmpty && self.trackers.count < Self.maximumTrackers {
                guard seen.insert(url).inserted else { continue }
                tier.append(self.trackers.count)
                self.trackers.append(TrackerStanding(url: url, tier: self.tiers.count))
            }
            guard !tier.isEmpty else { continue }
            tier.shuffle(using: &self.random)
            self.tiers.append(tier)
        }
    }

    /// A schedule for another name of the same torrent (BEP 52): the same trackers in the same order, none of them asked yet.
    package init(beside other: AnnounceSchedule, random: SplitMix64, at now: Instant) {
        self.policy = other.policy
        self.random = random
        self.due = now
        self.tiers = other.tiers
        self.trackers = other.trackers.map { TrackerStanding(url: $0.url, tier: $0.tier) }
    }

    /// When `next(at:)` will have something; nil while an announce is under way, after the end, or when no tracker may
    /// ever be asked.
    package var deadline: Instant? {
        guard !self.isStopped, self.inFlight == nil else { return nil }
        guard let soonest = self.trackers.lazy.compactMap(\.availableFrom).min() else { return nil }
        return max(self.due, soonest)
    }

    /// The announce to send now, if one is due. Its outcome must be recorded before the next is given.
    package mutating func next(at now: Instant) -> Announcement? {
        guard let index = self.nextTracker(at: now) else { return nil }
        self.inFlight = index
        let tracker = self.trackers[index]
        self.trackers[index].state = .announcing
        return Announcement(
            tracker: index, url: tracker.url,
            event: tracker.isStarted ? (self.owesCompleted ? .completed : .none) : .started,
            trackerID: tracker.trackerID)
    }

    /// The URL that `next(at:)` would name.
    package func nextURL(at now: Instant) -> String? { self.nextTracker(at: now).map { self.trackers[$0].url } }

    private func nextTracker(at now: Instant) -> Int? {
        guard !self.isStopped, self.inFlight == nil, self.due <= now else { return nil }
        return self.tiers.joined().first { self.trackers[$0].isAvailable(at: now) }
    }

    /// The last piece arrived while the torrent was running: the tracker hears of it at once.
    package mutating func complete(at now: Instant) {
        self.owesCompleted = true
        self.due = min(self.due, now)
    }

    /// The tracker that answered last has forgotten us, as after a restart: it hears of us at once, as if we had just
    /// begun.
    package mutating func forgotten(at now: Instant) {
        guard let current = self.current else { return }
        self.trackers[current].isStarted = false
        self.trackers[current].earliest = now
        self.trackers[current].retryAt = nil
        self.due = min(self.due, now)
    }

    /// More peers are wanted before the regular time: as soon as the tracker's `min interval` allows.
    package mutating func wantPeers(at now: Instant) {
        guard let current = self.current else { return }
        self.due = min(self.due, max(now, self.trackers[current].earliest))
    }

    /// Somebody asks for an announce: now, or as soon as the `min interval` allows. Our own waits after failures end;
    /// a tracker's `retry in` stands, but one that said "never" is asked once more. Returns when it will be.
    @discardableResult
    package mutating func announceNow(at now: Instant) -> Instant? {
        for index in self.trackers.indices {
            self.trackers[index].retryAt = nil
            if self.trackers[index].state == .disabled { self.trackers[index].state = .idle }
        }
        self.due = max(now, self.current.map { self.trackers[$0].earliest } ?? now)
        return self.deadline
    }

    /// The end: what to send, all at once, to every tracker that may count us among its peers. Nothing comes after.
    package mutating func stop() -> [Announcement] {
        guard !self.isStopped else { return [] }
        self.isStopped = true
        return self.trackers.indices.filter { self.trackers[$0].isStarted || self.inFlight == $0 }.map { index in
            Announcement(
                tracker: index, url: self.trackers[index].url, event: .stopped,
                trackerID: self.trackers[index].trackerID)
        }
    }
}
