// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

/// Who takes part in which torrent: a value with one owner. A tracker with several threads keeps several, each with
/// its share of the info-hashes. Time and randomness come from the caller. All memory is flat and the table's own.
package struct SwarmTable: ~Copyable {
    /// What the table decides by. A change holds from the next announce on; what peers were promised before stays.
    package var policy: TrackerPolicy
    /// Peers that have everything, in all torrents.
    package private(set) var seeds = 0
    /// Peers that do not, in all torrents.
    package private(set) var leechers = 0
    /// Addresses in all torrents: more than peers, where peers have two.
    package private(set) var addresses = 0

    /// Peers that report their pieces, in all torrents.
    package internal(set) var reporters = 0
    /// Memory of piece maps, bytes.
    package internal(set) var mapBytes = 0
    /// Another one than any tracker had before, and not 0.
    package let epoch: UInt32

    var torrents = TorrentArray()
    private var positions = SlotIndex()
    /// By number; 0 is none.
    var maps: [PieceMap?] = [nil]
    var freeMaps: [UInt32] = []
    var expiryMap = 0
    /// Keys the indexes of peers, so that nobody can aim at one bucket.
    let seed: UInt64
    let census: AddressCensus
    /// What the index of torrents can number.
    private static let mostTorrents = Int(UInt32.max / 2)
    private var expiryTorrent = 0
    private var expiryAddress: Int?

    /// An empty table. `seed` should not be known outside.
    package init(policy: TrackerPolicy = TrackerPolicy(), seed: UInt64) {
        self.policy = policy
        self.seed = seed
        self.epoch = PeerHash.mix(seed &+ 1) | 1
        self.census = AddressCensus(seed: seed &+ 2)
    }

    deinit {
        for position in 0..<self.torrents.count { self.torrents[position].free() }
        var (torrents, positions) = (self.torrents, self.positions)
        torrents.free()
        positions.free()
        self.census.free()
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
        do throws(AnnounceRejection) {
            try self.admit(announcement, to: position)
        } catch {
            self.dropIfAbandoned(position, at: seconds)
            throw error
        }
        let identity = PeerHash.identity(announcement.peerID, key: announcement.key, seed: self.seed)
        let context = TrackedTorrent.Context(
            identity: identity, isSeed: announcement.isSeed, event: announcement.event,
            validUntil: seconds.addingClamped(Self.seconds(self.policy.keptFor)), seed: self.seed,
            census: self.census)
        self.update(position) { torrent in
            torrent.put(announcement.endpoint, context)
            if let other = announcement.otherEndpoint, other.port != 0 { torrent.put(other, context) }
        }
        let wanted = self.wanted(announcement)
        if self.torrents[position].mapNumber != 0 {
            self.recommend(wanted, at: position, to: announcement, seconds, random: &random, into: &selection)
        }
        self.torrents[position].select(
            for: announcement, identity: identity, count: wanted, seed: self.seed, random: &random, into: &selection)
        let torrent = self.torrents[position]
        return self.decision(torrent.counts, age: seconds &- torrent.created, random: &random)
    }

    /// The counts of a torrent, nil when nobody takes part in it.
    package func counts(of infoHash: InfoHash) -> SwarmCounts? {
        self.find(infoHash).map { self.torrents[$0].counts }
    }

    /// Calls `body` with up to `limit` torrents.
    package func forEachTorrent(limit: Int, _ body: (InfoHash, SwarmCounts) -> Void) {
        for position in 0..<min(limit, self.torrents.count) {
            let torrent = self.torrents[position]
            body(torrent.infoHash, torrent.counts)
        }
    }

    /// Forgets peers that have not come back, and torrents that nobody is left in. Looks at `budget` addresses and
    /// torrents at most and goes on from there the next time; returns how many addresses it forgot.
    @discardableResult
    package mutating func expire(at now: Instant, budget: Int) -> Int {
        let seconds = Self.seconds(now)
        let before = self.addresses
        let (seed, census) = (self.seed, self.census)
        // In a large table the peers would take it all, each time, and who reports and falls silent would stay for ever.
        let reportersBudget = budget / 4
        var budget = budget - reportersBudget
        var visits = self.torrents.count
        while budget > 0, visits > 0 {
            if self.expiryTorrent == 0 { self.expiryTorrent = self.torrents.count }
            let position = min(self.expiryTorrent, self.torrents.count) - 1
            let start = self.expiryAddress
            var rest = budget - 1
            self.expiryAddress = self.update(position) { torrent in
                torrent.expire(at: seconds, from: start, seed: seed, census: census, budget: &rest)
            }
            budget = rest
            guard self.expiryAddress == nil else { break }
            self.expiryTorrent = position
            visits -= 1
            self.dropIfAbandoned(position, at: seconds)
        }
        self.expireReporters(at: seconds, budget: budget + reportersBudget)
        return before - self.addresses
    }
}

extension SwarmTable {
    mutating func position(of infoHash: InfoHash, at now: UInt32) throws(AnnounceRejection) -> Int {
        if let position = self.find(infoHash) { return position }
        guard self.torrents.count < min(self.policy.maximumTorrents, Self.mostTorrents) else { throw .tooManyTorrents }
        self.torrents.append(TorrentEntry(infoHash: infoHash, created: now))
        let (last, torrents, seed) = (self.torrents.count - 1, self.torrents, self.seed)
        if self.positions.isFull(count: last + 1) {
            self.positions.rebuild(count: last) { PeerHash.torrent(torrents[$0].infoHash, seed: seed) }
        }
        self.positions.insert(last, hash: PeerHash.torrent(infoHash, seed: seed))
        return last
    }

    func find(_ infoHash: InfoHash) -> Int? {
        self.positions.find(hash: PeerHash.torrent(infoHash, seed: self.seed)) {
            self.torrents[$0].infoHash == infoHash
        }
    }

    /// Whether there is room for a peer; one that is known stays.
    private func admit(_ announcement: Announcement, to position: Int) throws(AnnounceRejection) {
        let torrent = self.torrents[position]
        var rejection: AnnounceRejection?
        if self.addresses >= self.policy.maximumPeers {
            rejection = .tooManyPeers
        } else if !announcement.endpoint.address.isLoopback {
            rejection = torrent.crowding(
                announcement.endpoint, self.census, self.policy, addresses: self.addresses, seed: self.seed)
        }
        guard let rejection, !torrent.holds(announcement.endpoint, seed: self.seed) else { return }
        throw rejection
    }

    private mutating func forget(_ announcement: Announcement) -> SwarmCounts {
        guard let position = self.find(announcement.infoHash) else { return SwarmCounts() }
        let (seed, census) = (self.seed, self.census)
        self.leaveMap(announcement, at: position)
        self.update(position) { torrent in
            torrent.remove(announcement.endpoint, seed: seed, census: census)
            if let other = announcement.otherEndpoint { torrent.remove(other, seed: seed, census: census) }
        }
        let counts = self.torrents[position].counts
        if self.torrents[position].isEmpty, counts.downloaded == 0 { self.drop(position) }
        return counts
    }

    /// Changes a torrent and carries the difference into the totals.
    mutating func update<Result>(_ position: Int, _ body: (TrackedTorrent) -> Result) -> Result {
        let torrent = self.torrents[position]
        let (before, addresses) = (torrent.counts, torrent.addressCount)
        let result = body(torrent)
        let after = torrent.counts
        self.seeds += after.complete - before.complete
        self.leechers += after.incomplete - before.incomplete
        self.addresses += torrent.addressCount - addresses
        return result
    }

    /// An empty torrent is kept while its count of downloads may still be asked for.
    mutating func dropIfAbandoned(_ position: Int, at now: UInt32) {
        let torrent = self.torrents[position]
        guard torrent.isEmpty, torrent.downloaded == 0 || torrent.keptUntil < now else { return }
        self.drop(position)
    }

    private mutating func drop(_ position: Int) {
        let (last, torrents, seed) = (self.torrents.count - 1, self.torrents, self.seed)
        let hash = { (position: Int) in PeerHash.torrent(torrents[position].infoHash, seed: seed) }
        self.dropMap(at: position)
        self.positions.remove(position, hash: hash(position), hashOf: hash)
        self.torrents[position].free()
        if position != last {
            self.positions.move(from: last, to: position, hash: hash(last))
            self.torrents.copy(from: last, to: position)
        }
        self.torrents.removeLast()
        if self.torrents.count == 0 {
            self.positions.free()
        } else if self.positions.isSparse(count: last) {
            let torrents = self.torrents
            self.positions.rebuild(count: last) { PeerHash.torrent(torrents[$0].infoHash, seed: seed) }
        }
    }

    private func wanted(_ announcement: Announcement) -> Int {
        let wanted = min(announcement.wanted ?? self.policy.defaultWanted, announcement.mostWanted)
        return min(max(wanted, 0), max(self.policy.maximumWanted, 0))
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
            minimumInterval: min(policy.minimumInterval, base), reportPeriod: self.reportPeriod)
    }

    static func seconds(_ instant: Instant) -> UInt32 {
        UInt32(clamping: instant.nanoseconds / 1_000_000_000)
    }

    static func seconds(_ interval: Interval) -> UInt32 {
        UInt32(clamping: interval.nanoseconds / 1_000_000_000)
    }
}

extension UInt32 {
    func addingClamped(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = self.addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
