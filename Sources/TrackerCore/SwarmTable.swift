// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

/// Who takes part in which torrent: a value with one owner. A tracker with several threads keeps several, each with
/// its share of the info-hashes. Time and randomness come from the caller.
package struct SwarmTable: Sendable {
    /// What the table decides by. A change holds from the next announce on; what peers were promised before stays.
    package var policy: TrackerPolicy
    /// Peers that have everything, in all torrents.
    package private(set) var seeds = 0
    /// Peers that do not, in all torrents.
    package private(set) var leechers = 0
    /// Addresses in all torrents: more than peers, where peers have two.
    package private(set) var addresses = 0

    private var torrents: ContiguousArray<TrackedTorrent> = []
    private var positions: [InfoHash: UInt32] = [:]
    /// Keys the indexes of peers, so that nobody can aim at one bucket.
    private let seed: UInt64
    private var expiryTorrent = 0
    private var expiryAddress: Int?

    /// An empty table. `seed` should not be known outside.
    package init(policy: TrackerPolicy = TrackerPolicy(), seed: UInt64) {
        self.policy = policy
        self.seed = seed
    }

    /// Torrents that somebody takes part in, or lately did.
    package var torrentCount: Int { self.torrents.count }

    /// Takes an announce: remembers, renews or forgets the peer and fills `selection` with peers for it. The asker is
    /// never among them, seeds are given no seeds, who stops is given nobody.
    package mutating func announce(
        _ announcement: Announcement, at now: Instant, random: inout SplitMix64, into selection: inout PeerSelection
    ) throws(AnnounceRejection) -> AnnounceDecision {
        selection.removeAll()
        guard announcement.endpoint.port != 0 else { throw .portZero }
        guard !announcement.endpoint.address.isUnspecified else { throw .unusableAddress }
        let seconds = Self.seconds(now)
        guard announcement.event != .stopped else {
            let counts = self.forget(announcement)
            return self.decision(counts, age: .max, random: &random)
        }
        let position = try self.position(of: announcement.infoHash, at: seconds)
        try self.admit(announcement, to: position)
        let identity = PeerHash.identity(announcement.peerID, key: announcement.key, seed: self.seed)
        let context = TrackedTorrent.Context(
            identity: identity, isSeed: announcement.isSeed, event: announcement.event,
            validUntil: seconds.addingClamped(Self.seconds(self.policy.keptFor)), seed: self.seed)
        self.update(position) { torrent in
            torrent.put(announcement.endpoint, context)
            if let other = announcement.otherEndpoint, other.port != 0 { torrent.put(other, context) }
        }
        self.torrents[position].select(
            for: announcement, identity: identity, count: self.wanted(announcement), seed: self.seed,
            random: &random, into: &selection)
        let torrent = self.torrents[position]
        return self.decision(torrent.counts, age: seconds &- torrent.created, random: &random)
    }

    /// The counts of a torrent, nil when nobody takes part in it.
    package func counts(of infoHash: InfoHash) -> SwarmCounts? {
        self.positions[infoHash].map { self.torrents[Int($0)].counts }
    }

    /// Calls `body` with up to `limit` torrents.
    package func forEachTorrent(limit: Int, _ body: (InfoHash, SwarmCounts) -> Void) {
        for torrent in self.torrents.prefix(limit) { body(torrent.infoHash, torrent.counts) }
    }

    /// Forgets peers that have not come back, and torrents that nobody is left in. Looks at `budget` addresses and
    /// torrents at most and goes on from there the next time; returns how many addresses it forgot.
    @discardableResult
    package mutating func expire(at now: Instant, budget: Int) -> Int {
        let seconds = Self.seconds(now)
        let before = self.addresses
        let seed = self.seed
        var budget = budget
        var visits = self.torrents.count
        while budget > 0, visits > 0 {
            if self.expiryTorrent == 0 { self.expiryTorrent = self.torrents.count }
            let position = min(self.expiryTorrent, self.torrents.count) - 1
            let start = self.expiryAddress
            var rest = budget - 1
            self.expiryAddress = self.update(position) { torrent in
                torrent.expire(at: seconds, from: start, seed: seed, budget: &rest)
            }
            budget = rest
            guard self.expiryAddress == nil else { break }
            self.expiryTorrent = position
            visits -= 1
            self.dropIfAbandoned(position, at: seconds)
        }
        return before - self.addresses
    }
}

extension SwarmTable {
    private mutating func position(of infoHash: InfoHash, at now: UInt32) throws(AnnounceRejection) -> Int {
        if let position = self.positions[infoHash] { return Int(position) }
        guard self.torrents.count < min(self.policy.maximumTorrents, Int(UInt32.max)) else { throw .tooManyTorrents }
        self.positions[infoHash] = UInt32(truncatingIfNeeded: self.torrents.count)
        self.torrents.append(TrackedTorrent(infoHash: infoHash, created: now))
        return self.torrents.count - 1
    }

    private func admit(_ announcement: Announcement, to position: Int) throws(AnnounceRejection) {
        guard self.addresses >= self.policy.maximumPeers else { return }
        guard self.torrents[position].holds(announcement.endpoint, seed: self.seed) else { throw .tooManyPeers }
    }

    private mutating func forget(_ announcement: Announcement) -> SwarmCounts {
        guard let position = self.positions[announcement.infoHash].map(Int.init) else { return SwarmCounts() }
        let seed = self.seed
        self.update(position) { torrent in
            torrent.remove(announcement.endpoint, seed: seed)
            if let other = announcement.otherEndpoint { torrent.remove(other, seed: seed) }
        }
        let counts = self.torrents[position].counts
        if self.torrents[position].isEmpty, counts.downloaded == 0 { self.drop(position) }
        return counts
    }

    /// Changes a torrent and carries the difference into the totals.
    private mutating func update<Result>(_ position: Int, _ body: (inout TrackedTorrent) -> Result) -> Result {
        let before = self.torrents[position].counts
        let addresses = self.torrents[position].addressCount
        let result = body(&self.torrents[position])
        let after = self.torrents[position].counts
        self.seeds += after.complete - before.complete
        self.leechers += after.incomplete - before.incomplete
        self.addresses += self.torrents[position].addressCount - addresses
        return result
    }

    /// An empty torrent is kept while its count of downloads may still be asked for.
    private mutating func dropIfAbandoned(_ position: Int, at now: UInt32) {
        let torrent = self.torrents[position]
        guard torrent.isEmpty, torrent.downloaded == 0 || torrent.validUntil < now else { return }
        self.drop(position)
    }

    private mutating func drop(_ position: Int) {
        let last = self.torrents.count - 1
        self.positions[self.torrents[position].infoHash] = nil
        if position != last {
            self.torrents.swapAt(position, last)
            self.positions[self.torrents[position].infoHash] = UInt32(truncatingIfNeeded: position)
        }
        self.torrents.removeLast()
    }

    private func wanted(_ announcement: Announcement) -> Int {
        min(max(announcement.wanted ?? self.policy.defaultWanted, 0), max(self.policy.maximumWanted, 0))
    }

    private func decision(_ counts: SwarmCounts, age: UInt32, random: inout SplitMix64) -> AnnounceDecision {
        let policy = self.policy
        let isYoung = age < Self.seconds(policy.youth)
        let base = isYoung ? min(policy.youngInterval, policy.interval) : policy.interval
        let seconds = max(base.nanoseconds / 1_000_000_000, 1)
        let spread = UInt64(seconds) * min(policy.jitterPerMille, 1000) / 1000
        let jitter = spread > 0 ? Int64(random.next(below: spread + 1)) : 0
        return AnnounceDecision(
            counts: counts, interval: .seconds(seconds + jitter),
            minimumInterval: min(policy.minimumInterval, base))
    }

    private static func seconds(_ instant: Instant) -> UInt32 {
        UInt32(clamping: instant.nanoseconds / 1_000_000_000)
    }

    private static func seconds(_ interval: Interval) -> UInt32 {
        UInt32(clamping: interval.nanoseconds / 1_000_000_000)
    }
}

extension UInt32 {
    fileprivate func addingClamped(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
