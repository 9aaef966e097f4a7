// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import PeerNetwork
import StateStore
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// How long the end waits for files to be flushed. What is not durable by then is hashed again at the next start.
    private static let storagePatience = Duration.milliseconds(2_500)

    /// Takes every torrent off the network. What is stored becomes durable and is recorded, all in one transaction, and
    /// the trackers are told meanwhile. Neither a slow disk nor a deaf tracker delays it for more than a few seconds.
    func sleep() async {
        self.isStopping = true
        var halts: [Task<Void, Never>] = []
        for entry in self.entries.values {
            entry.retry?.cancel()
            entry.lookup?.cancel()
            // What was found so far is recorded; the rest is hashed after the next start.
            entry.hashing?.task.cancel()
            guard entry.handle != nil || entry.lastOperation != nil else { continue }
            halts.append(self.enqueue(entry) { directory, entry in await directory.halt(entry) })
        }
        await self.services.pieceMaps.shutdown()
        async let told: Void = self.services.announcer.shutdown()
        let tasks = halts
        let isWhole = await Patience.wait(atMost: Self.storagePatience) { for task in tasks { await task.value } }
        await self.recordAll()
        await told
        guard !isWhole else { return }
        await self.recordAll()
        let busy = self.entries.values.count { $0.handle != nil }
        let words = "\(busy) torrents were still busy with their files; what is not durable is hashed at the next start"
        self.logger.event(.stopUnclean, "\(words)", ["torrents": "\(busy)", "error.message": "\(words)"])
    }

    /// Takes a torrent off the network and notes what is to be recorded of it.
    func halt(_ entry: TorrentEntry) async {
        guard let handle = entry.handle else { return }
        do {
            self.note(try await self.services.network.stop(handle), of: entry)
        } catch {
            self.logger.event(
                .torrentStopUnclean, "\(entry.outline.name) did not stop in order: \(error)", entry.logFields(error))
        }
        entry.foldTotals()
        entry.handle = nil
    }

    private func recordAll() async {
        await self.writeProgress(of: Array(self.entries.values))
    }
}
