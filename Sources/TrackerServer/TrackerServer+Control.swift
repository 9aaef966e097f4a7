// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
import Synchronization
package import TrackerCore

/// What operators ask and change.
extension TrackerServer {
    /// The tracker in more figures than a status line shows.
    package var overview: TrackerOverview {
        let totals = self.shards.totals()
        let maps = self.shards.mapTotals()
        return TrackerOverview(
            torrents: totals.torrents, seeds: totals.seeds, leechers: totals.leechers, reporters: maps.reporters,
            mapBytes: maps.bytes, announces: self.counters.announces.value, scrapes: self.counters.scrapes.value,
            refusals: self.counters.refusals.value)
    }

    /// Up to `limit` torrents, those with the most peers first.
    package func largestTorrents(_ limit: Int) -> [(infoHash: InfoHash, counts: SwarmCounts)] {
        var largest: [(infoHash: InfoHash, counts: SwarmCounts)] = []
        for shard in self.shards.shards {
            largest += shard.state.withLock { shard in
                var found: [(infoHash: InfoHash, counts: SwarmCounts)] = []
                shard.table.forEachTorrent(limit: .max) { found.append(($0, $1)) }
                return found
            }
            largest.sort { $0.counts.complete + $0.counts.incomplete > $1.counts.complete + $1.counts.incomplete }
            largest.removeLast(max(largest.count - limit, 0))
        }
        return largest
    }

    /// The torrents whose info-hash begins with these digits, a few of them.
    package func torrents(beginningWith digits: String, limit: Int) -> [InfoHash] {
        if let whole = InfoHash(hex: digits) { return self.shards.counts(of: whole) == nil ? [] : [whole] }
        let digits = digits.lowercased()
        var found: [InfoHash] = []
        for shard in self.shards.shards where found.count < limit {
            found += shard.state.withLock { shard in
                var found: [InfoHash] = []
                shard.table.forEachTorrent(limit: .max) { infoHash, _ in
                    if found.count < limit, infoHash.description.hasPrefix(digits) { found.append(infoHash) }
                }
                return found
            }
        }
        return found
    }

    /// Up to `limit` peers of a torrent, and how many there are.
    package func peers(of infoHash: InfoHash, limit: Int) -> (peers: [KnownPeer], total: Int) {
        self.shards.shard(of: infoHash).state.withLock { shard in
            let counts = shard.table.counts(of: infoHash) ?? SwarmCounts()
            let peers = shard.table.known(
                of: infoHash, most: limit, lifetime: .max, at: .now, random: &shard.random)
            return (peers, counts.complete + counts.incomplete)
        }
    }

    /// What is banned, as it was given.
    package var bans: [String] { self.banList.all }

    /// Refuses announces from an address or range from now on, over restarts too, and forgets the peers there. Returns
    /// what was banned and how many addresses were forgotten; nil when the text is no address or range.
    package func ban(_ text: String) throws(TrackerServerError) -> (entry: String, removed: Int)? {
        guard let entry = BanList.entry(text) else { return nil }
        if try self.banList.add(entry) { self.limits.change(banned: self.banList.filter) }
        let filter = AddressFilter(text: entry.utf8)
        var removed = 0
        for shard in self.shards.shards { removed += shard.state.withLock { $0.table.expel(filter) } }
        return (entry, removed)
    }

    /// Lifts a ban; nil when there is none of that text.
    package func unban(_ text: String) throws(TrackerServerError) -> String? {
        guard let entry = BanList.entry(text), try self.banList.remove(entry) else { return nil }
        self.limits.change(banned: self.banList.filter)
        return entry
    }
}
