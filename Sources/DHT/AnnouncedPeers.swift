// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Who announced which torrent to us. Bounded: a full table keeps what is closest to our own id, because others look for
/// it here, so that nobody can push that out with torrents that do not exist.
package struct AnnouncedPeers: Sendable {
    /// Torrents that are kept.
    package static let torrentLimit = 2_000
    /// Peers that are kept of one.
    package static let peerLimit = 200
    /// How long an announce counts. Others announce again after a quarter of an hour.
    package static let lifetime = Interval.seconds(30 * 60)

    private struct Peer {
        var endpoint: PeerEndpoint
        var expiry: Instant
        var isSeed: Bool
    }

    private var torrents: [InfoHash: [Peer]] = [:]

    /// Nobody.
    package init() {}

    /// How many torrents are kept.
    package var torrentCount: Int { self.torrents.count }

    /// Takes in an announce. One host counts once, in local networks each of its ports.
    package mutating func announce(
        _ infoHash: InfoHash, _ endpoint: PeerEndpoint, isSeed: Bool, closeTo id: NodeID, at now: Instant
    ) {
        var peers = self.torrents[infoHash] ?? []
        if peers.isEmpty, !self.makeRoom(for: infoHash, closeTo: id, at: now) { return }
        let peer = Peer(endpoint: endpoint, expiry: now + Self.lifetime, isSeed: isSeed)
        if let index = peers.firstIndex(where: { $0.endpoint.nodePlace == endpoint.nodePlace }) {
            peers.remove(at: index)
        } else if peers.count >= Self.peerLimit {
            peers.removeFirst()
        }
        peers.append(peer)
        self.torrents[infoHash] = peers
    }

    /// Up to `limit` peers, others each time.
    package func peers(
        of infoHash: InfoHash, limit: Int, excludingSeeds: Bool, random: inout SplitMix64, at now: Instant
    ) -> [PeerEndpoint] {
        var found = (self.torrents[infoHash] ?? []).filter { $0.expiry > now && !(excludingSeeds && $0.isSeed) }
        let count = min(limit, found.count)
        for index in 0..<count {
            found.swapAt(index, index + Int(random.next(below: UInt64(found.count - index))))
        }
        return found[..<count].map(\.endpoint)
    }

    /// How many there are of a torrent, as filters; nil for one that nobody announced.
    package func counts(of infoHash: InfoHash, at now: Instant) -> AnnouncedCounts? {
        guard let peers = self.torrents[infoHash] else { return nil }
        var counts = AnnouncedCounts()
        for peer in peers where peer.expiry > now {
            if peer.isSeed {
                counts.seeds.insert(peer.endpoint.address)
            } else {
                counts.peers.insert(peer.endpoint.address)
            }
        }
        return counts
    }

    /// Forgets announces that count no more.
    package mutating func expire(at now: Instant) {
        self.torrents = self.torrents.compactMapValues { peers in
            let left = peers.filter { $0.expiry > now }
            return left.isEmpty ? nil : left
        }
    }

    private mutating func makeRoom(for infoHash: InfoHash, closeTo id: NodeID, at now: Instant) -> Bool {
        guard self.torrents.count >= Self.torrentLimit else { return true }
        let farthest = self.torrents.keys.max { NodeID($0).distance(to: id) < NodeID($1).distance(to: id) }
        guard let farthest, NodeID(infoHash).distance(to: id) < NodeID(farthest).distance(to: id) else { return false }
        self.torrents[farthest] = nil
        return true
    }
}
