// SPDX-License-Identifier: Apache-2.0

import ControlWire
import NIOCore
import PieceStore
import StateStore
import SwarmModel

extension TorrentDirectory {
    /// Hashes everything again. Pieces that do not match are fetched anew. Throws `CancellationError` when it was
    /// called off: then what is recorded stays as it was.
    func verify(_ entry: TorrentEntry, progress: JobProgress) async throws {
        let outcome = OperationOutcome()
        entry.verifications += 1
        defer { entry.verifications -= 1 }
        let task = self.enqueue(entry) { directory, entry in
            do {
                try await directory.verifyNow(entry, progress: progress)
            } catch {
                outcome.set(error)
            }
        }
        let infoHash = entry.infoHash
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            progress.cancel()
            Task { await self.callOff(progress, of: infoHash) }
        }
        if let error = outcome.error { throw error }
        if entry.isRemoved { throw ControlError(.cancelled, "\(entry.outline.name) has been removed") }
    }

    private func callOff(_ progress: JobProgress, of infoHash: InfoHash) {
        guard let hashing = self.entries[infoHash]?.hashing, hashing.progress === progress else { return }
        hashing.task.cancel()
    }

    private func verifyNow(_ entry: TorrentEntry, progress: JobProgress) async throws {
        guard !entry.isRemoved, !self.isStopping else {
            throw ControlError(.refused, "the torrent is being removed, or the daemon is stopping")
        }
        entry.retry?.cancel()
        await self.takeDown(entry)
        entry.life = .checking(progress)
        let outcome = OperationOutcome()
        do {
            try await self.recheck(entry, progress: progress)
        } catch {
            outcome.set(error)
        }
        if entry.record.isPaused { entry.life = .paused }
        await self.bringUp(entry)
        if let error = outcome.error { throw error }
    }

    private func recheck(_ entry: TorrentEntry, progress: JobProgress) async throws {
        let storage = try await self.storage(of: entry)
        // The operator's word for it that this is the place.
        let disk = try await storage.settle(
            entry.record.disk, entry.have, accepting: true, on: self.services.group.any())
        await self.noteDisk(disk, of: entry)
        let all = Bitfield(count: entry.outline.geometry.pieceCount, filled: true)
        let found = try await self.hash(all, of: entry, storage, progress: progress)
        // Nothing can be said of the pieces that were not looked at.
        guard !found.wasCancelled else { throw CancellationError() }
        try await storage.synchronise(on: self.services.group.any())
        var lost = 0
        entry.have.forEachSet { lost += found.valid[$0] ? 0 : 1 }
        progress.set(good: found.valid.setCount, lost: lost)
        entry.have = found.valid
        entry.isUnrecorded = true
        try await self.services.state.recordPieces(entry.infoHash, found.valid)
        entry.isUnrecorded = false
    }

    /// Hashes some pieces, so that it can be called off.
    func hash(
        _ pieces: Bitfield, of entry: TorrentEntry, _ storage: TorrentStorage, progress: JobProgress
    ) async throws -> VerificationOutcome {
        guard !self.isStopping, !entry.isRemoved, !progress.isCancelled else { throw CancellationError() }
        let loop = self.services.group.any()
        let check = PayloadCheck(storage: storage, turns: self.hashings, progress: progress)
        let task = Task { try await check.run(pieces, on: loop) }
        entry.hashing = (progress, task)
        defer { entry.hashing = nil }
        return try await task.value
    }
}
