// SPDX-License-Identifier: Apache-2.0

package import DHT
package import SwarmModel

/// How it stands with the search for one torrent in the hash table.
package struct HashTableReport: Sendable {
    /// What the last search found; meaningless before it has ended.
    package let last: TorrentSearch.Result
    /// How long ago that was; nil before.
    package let sinceEnd: Interval?
    /// When the next one begins; nil while one is under way.
    package let untilNext: Interval?
    /// Nodes that are known at all.
    package let nodes: Int

    /// Both searches of a torrent that has two names (BEP 52), told as one.
    package func merged(with other: HashTableReport) -> HashTableReport {
        let sinceEnd = [self.sinceEnd, other.sinceEnd].compactMap(\.self).min()
        let untilNext = self.untilNext.flatMap { own in other.untilNext.map { min(own, $0) } }
        let isBoth = self.sinceEnd != nil && other.sinceEnd != nil
        let last =
            isBoth ? self.last.merged(with: other.last) : self.sinceEnd != nil ? self.last : other.last
        return HashTableReport(
            last: last, sinceEnd: sinceEnd, untilNext: untilNext, nodes: max(self.nodes, other.nodes))
    }
}

extension TorrentSearch.Result {
    fileprivate func merged(with other: TorrentSearch.Result) -> TorrentSearch.Result {
        var sum = self
        sum.peers += other.peers
        sum.answers += other.answers
        sum.announced += other.announced
        return sum
    }
}
