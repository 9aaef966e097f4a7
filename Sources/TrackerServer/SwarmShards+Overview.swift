// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Synchronization
import TrackerCore

/// Torrents in the order of people.
extension SwarmShards {
    /// A torrent and who is in it.
    typealias Listed = (infoHash: InfoHash, counts: SwarmCounts)

    /// Torrents that can be listed; of the rest there are only sums.
    static let mostListed = 10_000
    /// Torrents of so many peers and more are told apart only when they are sorted.
    private static let largeTorrent = 4095

    /// The torrents at these places when they are sorted by their peers, the most first; those as large in the order of
    /// their info-hashes. Two passes over all, each of which holds a shard's lock for as long as it takes to walk over it.
    func busiest(_ places: Range<Int>) -> [Listed] {
        let needed = min(places.upperBound, Self.mostListed)
        guard places.lowerBound < needed else { return [] }
        let least = self.leastSize(of: needed)
        var found: [Listed] = []
        for shard in self.shards {
            found += shard.state.withLock { shard in
                var large: [Listed] = []
                var equal = 0
                shard.table.forEachTorrent(limit: .max) { infoHash, counts in
                    let size = Self.size(counts)
                    guard size >= least else { return }
                    if size == least, size < Self.largeTorrent { equal += 1 }
                    if equal <= Self.mostListed || size > least { large.append((infoHash, counts)) }
                }
                return large
            }
        }
        found.sort { Self.isBefore($0, $1) }
        return Array(found.prefix(needed).dropFirst(places.lowerBound))
    }

    /// The greatest number of peers that at least `count` torrents have; 0 when there are not so many torrents.
    private func leastSize(of count: Int) -> Int {
        var sizes = [Int](repeating: 0, count: Self.largeTorrent + 1)
        for shard in self.shards {
            let own = shard.state.withLock { shard in
                var sizes = [Int](repeating: 0, count: Self.largeTorrent + 1)
                shard.table.forEachTorrent(limit: .max) { sizes[Self.size($1)] += 1 }
                return sizes
            }
            for size in own.indices { sizes[size] += own[size] }
        }
        var sum = 0
        for size in sizes.indices.reversed() {
            sum += sizes[size]
            if sum >= count { return size }
        }
        return 0
    }

    private static func size(_ counts: SwarmCounts) -> Int {
        min(counts.complete + counts.incomplete, Self.largeTorrent)
    }

    private static func isBefore(_ one: Listed, _ other: Listed) -> Bool {
        let sizes = (one.counts.complete + one.counts.incomplete, other.counts.complete + other.counts.incomplete)
        let (left, right) = (one.infoHash.digest.words, other.infoHash.digest.words)
        return sizes.0 != sizes.1
            ? sizes.0 > sizes.1 : (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}
