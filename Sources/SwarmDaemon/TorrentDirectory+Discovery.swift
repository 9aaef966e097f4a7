// SPDX-License-Identifier: Apache-2.0

import Discovery
import PeerNetwork
import SwarmModel

/// Peers that are found without trackers.
extension TorrentDirectory {
    /// Looks for a torrent's peers everywhere, unless it is private: those come from its trackers alone (BEP 27).
    func discover(_ entry: TorrentEntry, _ handle: TorrentHandle) async {
        guard !entry.isPrivate else { return }
        await self.services.hashTable?.add(entry.infoHash, isSeed: entry.have.isFull, nodes: entry.namedNodes) {
            handle.add(candidates: $0)
        }
        await self.services.localDiscovery?.add(entry.infoHash) { handle.add(candidates: $0) }
    }

    /// Looks no more.
    func endDiscovery(of entry: TorrentEntry) async {
        await self.services.hashTable?.remove(entry.infoHash)
        await self.services.localDiscovery?.remove(entry.infoHash)
    }
}
