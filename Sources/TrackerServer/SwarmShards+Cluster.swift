// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerCore

/// What the swarm table has to do with other nodes. Without a cluster none of it is ever more than one look at a flag.
extension SwarmShards {
    /// Nodes named to a client, at most: the owner of its torrent and those that would come after it.
    private static let mostNamed = 4
    /// Peers that an owner names to another node.
    private static let mostNamedPeers = 100
    /// A client whose first announce met a node that knew nobody yet comes back so soon.
    private static let freshInterval = Interval.seconds(30)

    /// Another node owns the torrent: the addresses of those that might, the owner first; nil when it is ours.
    func elsewhere(_ infoHash: InfoHash) -> [String]? {
        guard self.isClustered.load(ordering: .relaxed) else { return nil }
        return self.shard(of: infoHash).state.withLock { shard in
            guard let map = shard.share?.map, !map.isOwner(of: infoHash) else { return nil }
            return map.order(of: infoHash, limit: Self.mostNamed).map(\.authority)
        }
    }

    /// The nodes that would own a torrent of ours if this one died; none where there is no other.
    func successors(of infoHash: InfoHash) -> [String] {
        guard self.isClustered.load(ordering: .relaxed) else { return [] }
        return self.shard(of: infoHash).state.withLock { shard in
            guard let map = shard.share?.map, map.isShared else { return [] }
            return map.order(of: infoHash, limit: Self.mostNamed).dropFirst().map(\.authority)
        }
    }

    /// Goes by another map from now on.
    func change(map: ClusterMap) {
        for shard in self.shards {
            shard.state.withLock { shard in
                if shard.share == nil { shard.share = ClusterShare(map: map) } else { shard.share?.map = map }
            }
        }
        self.isClustered.store(true, ordering: .relaxed)
    }

    /// What other nodes are to be told, each with where its node stands in the map, and how many announces were lost, ever.
    func collect(at now: Instant) -> (items: [(node: Int, item: ClusterItem)], lost: UInt64) {
        var items: [(node: Int, item: ClusterItem)] = []
        var lost: UInt64 = 0
        for shard in self.shards {
            let part = shard.state.withLock { shard in
                var items: [(node: Int, item: ClusterItem)] = []
                if shard.share?.isIdle == false { shard.share?.collect(at: now) { items.append(($0, $1)) } }
                return (items: items, lost: shard.share?.lost ?? 0)
            }
            items += part.items
            lost += part.lost
        }
        return (items, lost)
    }

    /// Takes an announce that another node took, as if it had come here.
    func takeForwarded(_ announcement: Announcement, at now: Instant, _ selection: inout PeerSelection) {
        self.shard(of: announcement.infoHash).state.withLock { shard in
            // A refusal has nobody to go to: the client has its answer.
            _ = try? shard.table.announce(announcement, at: now, random: &shard.random, into: &selection)
        }
    }

    /// What this node knows of a torrent, for another.
    func known(of infoHash: InfoHash, at now: Instant) -> ClusterItem {
        self.shard(of: infoHash).state.withLock { shard in
            let peers = shard.table.known(
                of: infoHash, most: Self.mostNamedPeers, lifetime: .max, at: now, random: &shard.random)
            return .known(infoHash, shard.table.counts(of: infoHash) ?? SwarmCounts(), peers)
        }
    }

    /// Takes in what another node knows of a torrent: as a new owner what it is handed, else what was asked for. Returns
    /// how many peers there were.
    func learn(_ peers: [KnownPeer], _ counts: SwarmCounts, of infoHash: InfoHash, at now: Instant) -> Int {
        self.shard(of: infoHash).state.withLock { shard in
            guard let isOwner = shard.share?.map.isOwner(of: infoHash) else { return 0 }
            var peers = peers
            if !isOwner {
                guard shard.share?.learn(counts, of: infoHash) == true, let most = shard.share?.answersLast else {
                    return 0
                }
                for index in peers.indices { peers[index].lifetime = min(peers[index].lifetime, most) }
            }
            shard.table.adopt(peers, of: infoHash, at: now)
            return peers.count
        }
    }

    /// Looks at torrents of one shard that `map` says are another's; returns what to tell, and where to go on, nil at the
    /// end.
    func handOver(
        shard index: Int, by map: ClusterMap, from cursor: Int, budget: Int, isLeaving: Bool = false, at now: Instant
    ) -> (items: [(node: Int, item: ClusterItem)], next: Int?) {
        self.shards[index].state.withLock { shard in
            var items: [(node: Int, item: ClusterItem)] = []
            let next = shard.table.handOver(
                by: map, from: cursor, budget: budget, isLeaving: isLeaving, at: now, random: &shard.random
            ) { items.append(($0, $1)) }
            return (items, next)
        }
    }

    /// Notes an announce that was taken, and corrects its answer by what the owner said.
    static func note(
        _ announcement: Announcement, _ decision: inout AnnounceDecision, in shard: inout Shard, at now: Instant
    ) {
        guard let noted = shard.share?.note(announcement, at: now) else { return }
        if let counts = noted.counts { decision.counts = decision.counts.atLeast(counts) }
        if noted.isNew {
            decision.interval = min(decision.interval, Self.freshInterval)
            decision.minimumInterval = min(decision.minimumInterval, Self.freshInterval)
        }
    }
}

extension SwarmCounts {
    /// The larger of each: a node that is not a torrent's owner knows part of it.
    func atLeast(_ other: SwarmCounts) -> SwarmCounts {
        var counts = self
        counts.complete = max(self.complete, other.complete)
        counts.incomplete = max(self.incomplete, other.incomplete)
        counts.downloaded = max(self.downloaded, other.downloaded)
        return counts
    }
}
