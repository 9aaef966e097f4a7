// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import NIOCore
import PieceStore
import StateStore
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// The torrent that is to be moved, once nothing speaks against it that can be known before.
    func admitMove(_ params: TorrentMove.Params, _ folder: PayloadFolder) throws(ControlError) -> TorrentReference {
        let entry = try self.entry(params.id)
        try self.admitMove(entry, folder)
        return self.reference(to: entry)
    }

    /// Throws when a torrent cannot be moved to a folder.
    func admitMove(_ entry: TorrentEntry, _ folder: PayloadFolder) throws(ControlError) {
        let name = entry.outline.name
        guard folder.path != entry.record.folder else {
            throw ControlError(.refused, "\(name) is in \(folder.path) already")
        }
        if let other = self.sharer(of: entry, in: entry.record.folder) {
            throw ControlError(
                .refused,
                "\(name) stays: the torrent \(other.infoHash) has the same files; remove one of the two first, without "
                    + "its data")
        }
        let top = PayloadFolder.Top(name: name, isFolder: entry.outline.fileCount > 1)
        guard !folder.holds(top) else {
            throw ControlError(
                .refused,
                "there is something called \(name) in \(folder.path) already, and nothing is replaced; move that away, or "
                    + "choose another folder")
        }
        try self.requireDisk(of: folder)
    }

    /// Moves the files of a torrent. It is off the network meanwhile. When this throws the files are where they were, and
    /// the torrent goes on there; where they could not all be brought back, it is suspended and the move is tried again.
    func move(_ infoHash: InfoHash, to folder: String, progress: JobProgress) async throws -> TorrentReference {
        let entry = try self.entry(TorrentSelector("\(infoHash)"))
        let outcome = OperationOutcome()
        let task = self.enqueue(entry) { directory, entry in
            do {
                try await directory.moveNow(entry, to: folder, progress: progress)
            } catch {
                outcome.set(error)
            }
        }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            progress.cancel()
        }
        if let error = outcome.error { throw error }
        return self.reference(to: entry)
    }

    func moveNow(_ entry: TorrentEntry, to folder: String, progress: JobProgress) async throws {
        guard !entry.isRemoved, !self.isStopping else {
            throw ControlError(.refused, "the torrent is being removed, or the daemon is stopping")
        }
        guard !progress.isCancelled else { throw CancellationError() }
        entry.retry?.cancel()
        await self.takeDown(entry)
        entry.life = .checking(progress)
        let outcome = OperationOutcome()
        do {
            let storage = try await self.storage(of: entry)
            _ = try await storage.settle(entry.record.disk, entry.have, on: self.services.group.any())
            try await self.services.state.beginMove(of: entry.infoHash, to: folder)
            entry.move = .to(folder)
            try await self.carry(entry, storage, to: folder, resuming: false, progress: progress)
        } catch {
            outcome.set(progress.isCancelled ? CancellationError() : error)
        }
        if entry.record.isPaused { entry.life = .paused }
        await self.bringUp(entry)
        if let error = outcome.error { throw error }
    }

    /// Brings the files to a folder and records it. Nothing is recorded before all are there, and nothing is taken away
    /// from the old folder before that is recorded.
    private func carry(
        _ entry: TorrentEntry, _ storage: TorrentStorage, to folder: String, resuming: Bool, progress: JobProgress
    ) async throws {
        let source = entry.record.folder
        do {
            try await storage.moveData(to: folder, resuming: resuming, on: self.services.group.any(), progress)
        } catch {
            if error.isUndone {
                try await self.services.state.endMove(of: entry.infoHash)
                entry.move = nil
            } else {
                // Files are in both places: whoever wants them next completes the move first.
                entry.storage = nil
            }
            throw error.error
        }
        let disk = self.services.mounts.mountPoint(of: folder)
        try await self.services.state.completeMove(of: entry.infoHash, to: folder, disk: disk, from: source)
        entry.record.folder = folder
        entry.record.disk = disk
        entry.move = .from(source)
        // Whoever moved it has decided where it is to be.
        await self.stay(entry)
        entry.storage = nil
        self.logger.event(
            .torrentMoved, "\(entry.outline.name) was moved from \(source) to \(folder)",
            entry.logFields.merging(["store.path": "\(folder)", "from": "\(source)"]) { $1 })
        await self.clear(entry, storage)
    }

    /// Takes away what is left in the old folder. What cannot be is tried again after the next start.
    private func clear(_ entry: TorrentEntry, _ old: TorrentStorage) async {
        do {
            // Another torrent may have come that calls the same files its own.
            if self.sharer(of: entry, in: old.root) == nil {
                try await old.removeData(on: self.services.group.any())
            }
            try await self.services.state.endMove(of: entry.infoHash)
            entry.move = nil
        } catch {
            self.logger.event(
                .progressUnrecorded, at: .warning,
                "what was copied of \(entry.outline.name) could not be taken away from \(old.root): \(error)",
                entry.logFields(error))
        }
    }

    /// Another torrent whose files in a folder have the same names.
    private func sharer(of entry: TorrentEntry, in folder: String) -> TorrentEntry? {
        self.entries.values.first {
            $0 !== entry && $0.outline.name == entry.outline.name && $0.record.folder == folder
        }
    }

    /// Completes a move that was cut off. `storage` is that of the recorded folder; gives the one that is so afterwards,
    /// nil where that has changed.
    func completeMove(_ entry: TorrentEntry, _ storage: TorrentStorage) async throws -> TorrentStorage? {
        switch entry.move {
        case nil: return storage
        case .to(let folder):
            try await self.carry(entry, storage, to: folder, resuming: true, progress: JobProgress())
            return nil
        case .from(let source):
            // Once: what cannot be taken away now is left for the next start.
            entry.move = nil
            await self.clear(entry, try await self.storage(of: entry, in: source))
            return storage
        }
    }
}
