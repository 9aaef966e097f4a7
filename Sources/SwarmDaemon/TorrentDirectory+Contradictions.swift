// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PieceStore
import SwarmEvents
import SwarmModel

/// Hybrids that contradict themselves: what a piece is by one of its hashes it is not by the other.
extension TorrentDirectory {
    /// Stops a torrent that contradicts itself, or is here twice. It stays so until somebody resumes it, for it will not get
    /// better by trying.
    func stop(_ entry: TorrentEntry, because reason: some Error) async {
        await self.takeDown(entry)
        entry.retry?.cancel()
        entry.life = .suspended("\(reason)")
        self.lookAtQueue()
        self.logger.event(
            .torrentSuspended, "\(entry.outline.name) is suspended: \(reason)", entry.logFields(reason))
    }

    /// Hashes that were missing have come: pieces that were judged without them are judged again, in the background.
    func judge(_ entry: TorrentEntry, by hashes: PieceHashes) {
        guard let storage = entry.storage, let handle = entry.handle else { return }
        let (loop, turns, infoHash) = (handle.loop, self.hashings, entry.infoHash)
        Task { [weak self] in
            await withCheckedContinuation { done in storage.adopt(hashes, on: loop) { done.resume() } }
            guard let have = try? await handle.have(), !have.isEmpty, let turn = try? await turns.take() else { return }
            defer { turn.end() }
            let outcome = try? await storage.verify(have, on: loop, progress: { _, _ in })
            guard let piece = outcome?.contradiction else { return }
            await self?.contradicted(piece, of: infoHash)
        }
    }

    /// A piece was found whose hashes disagree.
    func contradicted(_ piece: PieceIndex, of infoHash: InfoHash) {
        guard let entry = self.entries[infoHash] else { return }
        self.enqueue(entry) { directory, entry in
            guard entry.handle != nil, !entry.isRemoved else { return }
            await directory.stop(entry, because: TorrentContradiction(piece: piece))
        }
    }
}
