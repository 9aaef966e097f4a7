// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import PeerNetwork
import StateStore
import SwarmModel

extension TorrentDirectory {
    /// Time between two looks at all torrents.
    private static let housekeepingInterval = Duration.seconds(30)
    /// A downloading torrent with fewer peers asks its trackers for more, as soon as they allow.
    private static let fewPeers = 5

    /// Looks after the torrents until the task is cancelled: totals are recorded, lonely torrents look for peers.
    func keepHouse() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.housekeepingInterval)
            } catch {
                return
            }
            await self.recordTotals()
            await self.seekPeers()
        }
    }

    private func recordTotals() async {
        var totals: [TorrentTotals] = []
        for entry in self.entries.values where entry.totals != entry.recordedTotals {
            entry.recordedTotals = entry.totals
            totals.append(entry.totals)
        }
        do {
            try await self.services.state.recordTotals(totals)
        } catch {
            self.logger.error("totals could not be recorded", metadata: ["error.message": "\(error)"])
        }
    }

    private func seekPeers() async {
        for entry in self.entries.values {
            guard let status = entry.handle?.status, status.phase == .downloading, status.peers < Self.fewPeers else {
                continue
            }
            await self.services.announcer.wantPeers(entry.infoHash)
        }
    }
}
