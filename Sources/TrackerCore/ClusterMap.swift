// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Which node owns which torrent, by rendezvous hashing (Thaler and Ravishankar 1998): each node draws a number for each
/// torrent and the highest one owns it. Nodes that know of the same nodes agree without a word, and a node that goes or
/// comes moves its own torrents only.
package struct ClusterMap: Hashable, Sendable {
    /// The nodes that are alive, by name; this one is always among them.
    package let nodes: [ClusterNode]
    /// Where this node stands among them.
    package let own: Int

    /// A map of this node and others; of two with the same name the first counts.
    package init(own: ClusterNode, others: [ClusterNode] = []) {
        var names: Set<String> = []
        let nodes = ([own] + others).filter { names.insert($0.name).inserted }.sorted { $0.name < $1.name }
        self.nodes = nodes
        self.own = nodes.firstIndex { $0.name == own.name } ?? 0
    }

    /// Whether there is another node.
    package var isShared: Bool { self.nodes.count > 1 }

    /// Where the owner of a torrent stands among the nodes.
    package func owner(of infoHash: InfoHash) -> Int {
        guard self.isShared else { return self.own }
        var best = 0
        var draw = self.draw(0, infoHash)
        for index in 1..<self.nodes.count {
            let other = self.draw(index, infoHash)
            if other > draw { (best, draw) = (index, other) }
        }
        return best
    }

    /// Whether this node owns a torrent.
    package func isOwner(of infoHash: InfoHash) -> Bool { self.owner(of: infoHash) == self.own }

    /// The nodes in the order in which they would own a torrent: whoever is first owns it, the second does when the first
    /// dies. At most `limit` of them.
    package func order(of infoHash: InfoHash, limit: Int = .max) -> [ClusterNode] {
        let draws = self.nodes.indices.map { (index: $0, draw: self.draw($0, infoHash)) }
        return draws.sorted { ($0.draw, $1.index) > ($1.draw, $0.index) }.prefix(limit).map { self.nodes[$0.index] }
    }

    /// The map that holds once this node has gone; nil when it is the only one.
    package var withoutOwn: ClusterMap? {
        var others = self.nodes
        others.remove(at: self.own)
        guard let first = others.first else { return nil }
        return ClusterMap(own: first, others: Array(others.dropFirst()))
    }

    private func draw(_ index: Int, _ infoHash: InfoHash) -> UInt64 {
        let words = infoHash.digest.words
        var state = self.nodes[index].mark ^ words.high
        state = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9 ^ words.middle
        state = (state ^ state >> 27) &* 0x94d0_49bb_1331_11eb ^ UInt64(words.low)
        state = (state ^ state >> 31) &* 0x9e37_79b9_7f4a_7c15
        return state ^ state >> 32
    }
}
