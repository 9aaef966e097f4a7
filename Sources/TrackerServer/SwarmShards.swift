// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerCore

/// The swarm table of the whole tracker, cut by info-hash into shards of one lock each. Any event loop may announce to
/// any shard: a lock is held for about a microsecond, there are many more shards than loops, and a torrent is never in
/// two of them. Handing announces over to the loop that owns a shard would cost a wake-up each, many times the work.
final class SwarmShards: Sendable {
    /// Enough that two loops seldom meet.
    static let count = 16

    struct Shard: ~Copyable {
        var table: SwarmTable
        var random: SplitMix64
        /// Nil without a cluster.
        var share: ClusterShare?
    }

    final class Locked: Sendable {
        let state: Mutex<Shard>

        init(policy: TrackerPolicy, random: inout SplitMix64) {
            let table = SwarmTable(policy: policy, seed: random.next())
            self.state = Mutex(Shard(table: table, random: SplitMix64(seed: random.next())))
        }
    }

    let shards: [Locked]
    /// Whether there are other nodes, or were.
    let isClustered = Atomic(false)

    init(policy: TrackerPolicy, random: inout SplitMix64) {
        let share = Self.share(of: policy)
        var shards: [Locked] = []
        for _ in 0..<Self.count {
            shards.append(Locked(policy: share, random: &random))
        }
        self.shards = shards
    }

    /// Decides by another policy from now on.
    func change(policy: TrackerPolicy) {
        let share = Self.share(of: policy)
        for shard in self.shards { shard.state.withLock { $0.table.policy = share } }
    }

    /// What of the whole tracker's limits one shard has.
    private static func share(of policy: TrackerPolicy) -> TrackerPolicy {
        var share = policy
        share.maximumTorrents = max(policy.maximumTorrents / Self.count, 1)
        share.maximumPeers = max(policy.maximumPeers / Self.count, 1)
        share.peersPerAddress = Self.share(ofAddress: policy.peersPerAddress)
        share.reportsPerSecond = max(policy.reportsPerSecond / Self.count, 1)
        // One torrent may well have the better part of all: what is large is mostly in few.
        share.maximumMapBytes = max(policy.maximumMapBytes / 4, 1)
        return share
    }

    /// The torrents of an address fall to the shards by chance: one that keeps to the limit is within four standard
    /// deviations of its share in each of them.
    private static func share(ofAddress limit: Int) -> Int {
        guard limit > 0 else { return 0 }
        let mean = Double(limit) / Double(Self.count)
        return Int((mean + 4 * mean.squareRoot()).rounded(.up))
    }

    func announce(
        _ announcement: Announcement, at now: Instant, into selection: inout PeerSelection
    ) throws(AnnounceRejection) -> AnnounceDecision {
        try self.shard(of: announcement.infoHash).state.withLock { shard throws(AnnounceRejection) in
            var decision = try shard.table.announce(
                announcement, at: now, random: &shard.random, into: &selection)
            if shard.share != nil { Self.note(announcement, &decision, in: &shard, at: now) }
            return decision
        }
    }

    func counts(of infoHash: InfoHash) -> SwarmCounts? {
        self.shard(of: infoHash).state.withLock { shard in
            let counts = shard.table.counts(of: infoHash)
            guard let others = shard.share?.counts(of: infoHash) else { return counts }
            return (counts ?? SwarmCounts()).atLeast(others)
        }
    }

    /// Up to `limit` torrents with their counts.
    func torrents(limit: Int) -> [(InfoHash, SwarmCounts)] {
        var result: [(InfoHash, SwarmCounts)] = []
        for shard in self.shards where result.count < limit {
            let rest = limit - result.count
            result += shard.state.withLock { shard in
                var found: [(InfoHash, SwarmCounts)] = []
                shard.table.forEachTorrent(limit: rest) { found.append(($0, $1)) }
                return found
            }
        }
        return result
    }

    /// Looks at up to `budget` addresses of each shard for peers that have run out.
    func expire(at now: Instant, budget: Int) {
        for shard in self.shards { shard.state.withLock { _ = $0.table.expire(at: now, budget: budget) } }
    }

    /// Sums over all shards.
    func totals() -> (torrents: Int, seeds: Int, leechers: Int) {
        var sum = (torrents: 0, seeds: 0, leechers: 0)
        for shard in self.shards {
            shard.state.withLock { shard in
                sum.torrents += shard.table.torrentCount
                sum.seeds += shard.table.seeds
                sum.leechers += shard.table.leechers
            }
        }
        return sum
    }

    func shard(of infoHash: InfoHash) -> Locked {
        self.shards[Int(infoHash.digest.words.low) % Self.count]
    }
}
