// SPDX-License-Identifier: Apache-2.0

import Discovery
import PeerNetwork
import StateStore
import SwarmModel

/// Where peers are found. A hybrid is looked for under both of its names: some peers know the one, some the other (BEP 52).
extension TorrentDirectory {
    /// Looks for a torrent's peers everywhere, unless it is private: those come from its trackers alone (BEP 27).
    func discover(_ entry: TorrentEntry, _ handle: TorrentHandle) async {
        guard !entry.isPrivate else { return }
        for name in self.names(of: entry) {
            await self.services.hashTable?.add(name, isSeed: entry.have.isFull, nodes: entry.namedNodes) {
                handle.add(candidates: $0, under: name)
            }
            await self.services.localDiscovery?.add(name) { handle.add(candidates: $0, under: name) }
        }
    }

    /// Looks no more.
    func endDiscovery(of entry: TorrentEntry) async {
        for name in self.names(of: entry) {
            await self.services.hashTable?.remove(name)
            await self.services.localDiscovery?.remove(name)
        }
    }

    /// Has a torrent announced to its trackers; what is announced already stays so, and another name joins it once it is known.
    func announce(_ entry: TorrentEntry, by handle: TorrentHandle) async {
        let base = (up: entry.record.uploaded, down: entry.record.downloaded)
        let (pieceMaps, infoHash) = (self.services.pieceMaps, entry.infoHash)
        await self.services.announcer.add(
            infoHash, tiers: entry.record.trackers + entry.namedTrackers,
            statistics: {
                let status = handle.status
                return AnnounceStatistics(
                    uploaded: base.up + status.uploaded, downloaded: base.down + status.downloaded,
                    left: status.leftBytes)
            },
            onPeers: { handle.add(candidates: $0, under: infoHash) },
            onAnswer: { await pieceMaps.announced(infoHash, to: $0, $1) })
        for name in self.names(of: entry) where name != infoHash {
            await self.services.announcer.addName(name, of: infoHash) { handle.add(candidates: $0, under: name) }
        }
    }

    /// A torrent is known by these hashes from now on.
    func note(v1: InfoHash?, v2: InfoHashV2?, of entry: TorrentEntry) {
        entry.infoHashes = (v1, v2)
        for name in entry.names where name != entry.infoHash { self.otherNames[name] = entry.infoHash }
    }

    /// The names that a torrent is looked for under: not one by which another is here, as when both were added by links that
    /// said nothing of each other.
    func names(of entry: TorrentEntry) -> [InfoHash] {
        entry.names.filter { $0 == entry.infoHash || self.entries[$0].map(\.isSpare) ?? true }
    }

    /// How its search in the hash table stands; nil where it is not looked for there.
    func searchReport(of entry: TorrentEntry) async -> HashTableReport? {
        var merged: HashTableReport?
        for name in self.names(of: entry) {
            guard let report = await self.services.hashTable?.report(name) else { continue }
            merged = merged?.merged(with: report) ?? report
        }
        return merged
    }
}
