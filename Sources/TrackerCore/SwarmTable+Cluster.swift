// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import TrackerWire

// What nodes tell each other of their torrents.
extension SwarmTable {
    /// Remembers peers that another node knows of, for as long as it says. Those that announced themselves here stay as
    /// they are.
    package mutating func adopt(_ peers: [KnownPeer], of infoHash: InfoHash, at now: Instant) {
        guard !peers.isEmpty else { return }
        let seconds = Self.seconds(now)
        let position: Int
        do throws(AnnounceRejection) { position = try self.position(of: infoHash, at: seconds) } catch { return }
        let seed = self.seed
        let mostKept = Self.seconds(self.policy.keptFor)
        for peer in peers {
            guard peer.endpoint.port != 0, !peer.endpoint.address.isUnspecified else { continue }
            let identity = Self.adoptedIdentity(peer.endpoint, seed: seed)
            if let held = self.torrents[position].entry(peer.endpoint, seed: seed) {
                guard held.identity == identity else { continue }
            } else if self.addresses >= self.policy.maximumPeers {
                continue
            }
            let context = TrackedTorrent.Context(
                identity: identity, isSeed: peer.isSeed, event: .none,
                validUntil: seconds.addingClamped(min(UInt32(peer.lifetime), mostKept)), seed: seed,
                census: self.census)
            self.update(position) { $0.put(peer.endpoint, context) }
        }
        self.dropIfAbandoned(position, at: seconds)
    }

    /// Up to `most` peers of a torrent, any of them, each to be handed out for at most `lifetime` seconds.
    package func known(
        of infoHash: InfoHash, most: Int, lifetime: UInt16, at now: Instant, random: inout SplitMix64
    ) -> [KnownPeer] {
        guard let position = self.find(infoHash) else { return [] }
        return self.torrents[position].known(
            most: most, lifetime: lifetime, at: Self.seconds(now), start: random.next())
    }

    /// What another node is to know of the torrents that `map` says are not this one's: looks at `budget` torrents from
    /// `cursor` on, and returns where to go on, nil at the end. Each item comes with where its owner stands in the map. One
    /// that `isLeaving` tells of all of them, by a map without it.
    package func handOver(
        by map: ClusterMap, from cursor: Int, budget: Int, isLeaving: Bool = false, at now: Instant,
        random: inout SplitMix64, _ body: (Int, ClusterItem) -> Void
    ) -> Int? {
        let end = min(cursor + budget, self.torrents.count)
        for position in min(cursor, end)..<end {
            let torrent = self.torrents[position]
            let owner = map.owner(of: torrent.infoHash)
            guard isLeaving || owner != map.own else { continue }
            let peers = torrent.known(
                most: ClusterParcel.mostPeers, lifetime: .max, at: Self.seconds(now), start: random.next())
            if !peers.isEmpty { body(owner, .known(torrent.infoHash, torrent.counts, peers)) }
        }
        return end < self.torrents.count ? end : nil
    }

    /// By this an adopted peer is told from one that announced itself: no peer id makes it but by chance.
    private static func adoptedIdentity(_ endpoint: PeerEndpoint, seed: UInt64) -> UInt32 {
        PeerHash.mix(
            seed ^ endpoint.address.high ^ endpoint.address.low &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(endpoint.port))
    }
}

extension TrackedTorrent {
    /// Some of the peers, walking on from a place that `start` picks.
    fileprivate func known(most: Int, lifetime: UInt16, at now: UInt32, start: UInt64) -> [KnownPeer] {
        let (v4, v6) = (self.v4, self.v6)
        let count = v4.count + v6.count
        guard count > 0 else { return [] }
        var peers: [KnownPeer] = []
        var cursor = Int(start % UInt64(count))
        for _ in 0..<count where peers.count < most {
            if let peer = cursor < v4.count ? v4.known(cursor, now) : v6.known(cursor - v4.count, now) {
                peers.append(peer)
                peers[peers.count - 1].lifetime = min(peer.lifetime, lifetime)
            }
            cursor = cursor + 1 < count ? cursor + 1 : 0
        }
        return peers
    }
}

extension PeerTable {
    fileprivate func known(_ slot: Int, _ now: UInt32) -> KnownPeer? {
        let record = self.records[slot]
        guard record.validUntil > now else { return nil }
        return KnownPeer(
            endpoint: record.address.endpoint, isSeed: self.isSeed(slot),
            lifetime: UInt16(clamping: record.validUntil - now))
    }
}
