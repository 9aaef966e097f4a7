// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Logging
import Metainfo
import StateStore
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// Shapes that are stored together.
    private static let shapesPerTransaction = 256

    /// Takes in what the state knows of all torrents: one pass over small rows, so that whoever connects afterwards
    /// finds every torrent. Nothing is brought up yet.
    func read() async throws {
        // Very many torrents lie in very few folders: one copy of each name is enough.
        var folders: Set<String> = []
        for stored in try await self.services.state.roster() {
            var record = stored.record
            record.folder = folders.insert(record.folder).memberAfterInsert
            self.order.append(record.infoHash)
            guard let outline = TorrentOutline(record) else {
                self.unread.append(record)
                continue
            }
            self.take(record, outline, stored.pieces)
        }
        await self.readQueue()
        for (infoHash, move) in try await self.services.state.moves() { self.entries[infoHash]?.move = move }
    }

    /// Returns once every torrent can be listed. Only after an update from an early release is that not so at once.
    func ready() async {
        guard !self.unread.isEmpty else { return }
        await withCheckedContinuation { self.readers.append($0) }
    }

    /// Brings up all torrents, several at a time and in their order; returns when each has had its turn, or the task is
    /// cancelled. Commands are answered meanwhile, those on torrents that wait as well.
    func wake() async {
        await self.readShapes()
        self.balance()
        defer { if !self.isStopping { Task { await self.readSelections() } } }
        for infoHash in self.order {
            guard let entry = self.entries[infoHash], case .asleep = entry.life else { continue }
            guard let turn = try? await self.bringUps.take(), !self.isStopping else { return }
            // It may have been paused, resumed or removed while it waited.
            guard case .asleep = entry.life, !entry.isRemoved else { continue }
            self.enqueue(entry) { directory, entry in await directory.bringUp(entry, turn) }
        }
    }

    private func take(_ record: TorrentRecord, _ outline: TorrentOutline, _ pieces: Bitfield?) {
        let entry = TorrentEntry(
            record: record, outline: outline, have: pieces ?? Bitfield(count: outline.geometry.pieceCount))
        entry.recordedTotals = entry.totals
        if record.isPaused { entry.life = .paused }
        self.entries[record.infoHash] = entry
    }

    /// Reads the metainfo of torrents that were stored without their shape, and stores that, so that it is needed once.
    private func readShapes() async {
        var shapes: [(infoHash: InfoHash, shape: TorrentShape)] = []
        while let record = self.unread.last, !Task.isCancelled {
            do {
                let metainfo = try await self.metainfo(record.infoHash, name: record.name)
                let outline = TorrentOutline(metainfo)
                let pieces = try await self.services.state.pieces(
                    of: record.infoHash, count: outline.geometry.pieceCount)
                self.take(record, outline, pieces)
                shapes.append((record.infoHash, outline.shape))
            } catch {
                self.order.removeAll { $0 == record.infoHash }
                self.logger.event(
                    error is ControlError ? .recordMissing : .recordDamaged,
                    "\(record.name) cannot be read from the state and is left out: \(error)",
                    [
                        "torrent.id": "\(record.infoHash)", "torrent.name": "\(record.name)",
                        "error.message": "\(error)",
                    ])
            }
            self.unread.removeLast()
            if shapes.count == Self.shapesPerTransaction || self.unread.isEmpty {
                await self.store(shapes)
                shapes = []
            }
        }
        if self.queue.count != self.entries.count { await self.readQueue() }
        self.unread = []
        for reader in self.readers { reader.resume() }
        self.readers = []
    }

    private func store(_ shapes: [(infoHash: InfoHash, shape: TorrentShape)]) async {
        do {
            try await self.services.state.setShapes(shapes)
        } catch {
            // The next start reads their metainfo again.
            self.logger.event(
                .progressUnrecorded, at: .warning, "the sizes of torrents could not be recorded: \(error)",
                ["error.message": "\(error)"])
        }
    }
}
