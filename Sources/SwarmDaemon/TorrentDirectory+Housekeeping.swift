// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import NIOCore
import PeerNetwork
import PieceStore
import StateStore
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// Time between two looks at all torrents.
    private static let housekeepingInterval = Duration.seconds(30)
    /// A downloading torrent with fewer peers asks its trackers for more, as soon as they allow.
    private static let fewPeers = 5

    /// Looks after the torrents until the task is cancelled: totals are recorded, lonely torrents look for peers, those
    /// whose disk has gone are taken off the network.
    func keepHouse() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.housekeepingInterval)
            } catch {
                return
            }
            await self.writeProgress(of: Array(self.entries.values))
            await self.seekPeers()
            await self.watchDisks()
            self.noteActivity()
            await self.endSeeding()
            self.retryMoves()
            self.balance()
        }
    }

    /// Returns once the directory has come to it: a round trip for the watchdog.
    func heartbeat() {}

    private func seekPeers() async {
        for entry in self.entries.values {
            guard let status = entry.handle?.status, [.downloading, .metadata].contains(status.phase),
                status.peers < Self.fewPeers
            else {
                continue
            }
            await self.services.announcer.wantPeers(entry.infoHash)
        }
    }

    /// Suspends the torrents whose disk is no longer mounted. Nothing else would notice while nobody reads or writes.
    func watchDisks() async {
        let mountPoints = Set(self.entries.values.filter { $0.handle != nil }.compactMap(\.mountPoint))
        guard !mountPoints.isEmpty, !self.isStopping else { return }
        let (store, mounts, loop) = (self.services.store, self.services.mounts, self.services.group.any())
        let missing = await withCheckedContinuation { continuation in
            store.missing(mountPoints, in: mounts, on: loop) { continuation.resume(returning: $0) }
        }
        for entry in self.entries.values {
            guard entry.handle != nil, let mountPoint = entry.mountPoint, missing.contains(mountPoint) else { continue }
            self.enqueue(entry) { directory, entry in await directory.comeUpAgain(entry) }
        }
    }

    /// Takes a torrent down and brings it up again, which fails with what is wrong with its disk, and is then tried
    /// until that is over.
    private func comeUpAgain(_ entry: TorrentEntry) async {
        guard entry.handle != nil else { return }
        await self.takeDown(entry)
        if case .active = entry.life { entry.life = .checking(JobProgress()) }
        await self.bringUp(entry)
    }
}
