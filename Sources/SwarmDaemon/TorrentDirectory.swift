// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmModel

/// All torrents of the daemon, from the state store to the network and back. The one place that starts, stops, checks
/// and removes them; commands come here, payload never does.
actor TorrentDirectory {
    /// How long a torrent that could not be brought up waits before the next attempt.
    static let retryPause = Duration.seconds(10)

    let services: DaemonServices
    let logger: Logger
    var entries: [InfoHash: TorrentEntry] = [:]
    /// Info-hashes in the order in which they were added.
    var order: [InfoHash] = []
    /// Set when the daemon ends; nothing starts any more.
    var isStopping = false
    /// Whether all that the state knows is here.
    private var isAwake = false
    private var sleepers: [CheckedContinuation<Void, Never>] = []
    private(set) lazy var observer = DirectoryObserver(logger: self.logger) { [weak self] infoHash, report in
        // Reports of one torrent come seldom (a sync every few seconds); their order does not matter, because durable
        // pieces only grow.
        Task { await self?.take(report, of: infoHash) }
    }

    init(services: DaemonServices) {
        self.services = services
        self.logger = services.logger
    }

    /// Reads all torrents from the state store and brings them up, several at a time.
    func wake() async throws {
        defer { self.rouse() }
        for record in try await self.services.state.torrents() {
            guard let loaded = try await self.load(record) else { continue }
            self.entries[record.infoHash] = loaded
            self.order.append(record.infoHash)
        }
        for infoHash in self.order {
            guard let entry = self.entries[infoHash] else { continue }
            if entry.record.isPaused {
                entry.life = .paused
            } else {
                self.enqueue(entry) { directory, entry in await directory.bringUp(entry) }
            }
        }
    }

    /// Returns once all torrents are here: before that lists would lie.
    func ready() async {
        guard !self.isAwake else { return }
        await withCheckedContinuation { self.sleepers.append($0) }
    }

    private func rouse() {
        self.isAwake = true
        for sleeper in self.sleepers { sleeper.resume() }
        self.sleepers = []
    }

    /// Takes every torrent off the network; what is stored becomes durable and recorded.
    func sleep() async {
        self.isStopping = true
        let tasks = self.entries.values.map { entry in
            entry.retry?.cancel()
            // What was found so far is recorded; the rest is hashed after the next start.
            entry.hashing?.task.cancel()
            return self.enqueue(entry) { directory, entry in await directory.takeDown(entry) }
        }
        for task in tasks { await task.value }
        await self.services.announcer.shutdown()
    }

    /// The torrent that `selector` means.
    func entry(_ selector: TorrentSelector) throws(ControlError) -> TorrentEntry {
        let names = self.order.lazy.compactMap { self.entries[$0] }.map {
            (infoHash: $0.infoHash, name: $0.outline.name)
        }
        let infoHash = try selector.resolve(in: names)
        guard let entry = self.entries[infoHash] else {
            throw ControlError(.notFound, "torrent \(infoHash) has just been removed")
        }
        return entry
    }

    /// Runs `operation` when those asked for earlier on the same torrent are done.
    @discardableResult
    func enqueue(
        _ entry: TorrentEntry, _ operation: @escaping @Sendable (isolated TorrentDirectory, TorrentEntry) async -> Void
    ) -> Task<Void, Never> {
        let previous = entry.lastOperation
        let infoHash = entry.infoHash
        let task = Task {
            await previous?.value
            await self.run(operation, on: infoHash)
        }
        entry.lastOperation = task
        return task
    }

    private func run(
        _ operation: @Sendable (isolated TorrentDirectory, TorrentEntry) async -> Void, on infoHash: InfoHash
    ) async {
        guard let entry = self.entries[infoHash] else { return }
        await operation(self, entry)
    }

    private func load(_ record: TorrentRecord) async throws -> TorrentEntry? {
        guard let bytes = try await self.services.state.metainfo(of: record.infoHash) else {
            self.logger.error(
                "torrent has no metainfo in the state; it is left out",
                metadata: ["torrent.id": "\(record.infoHash)", "torrent.name": "\(record.name)"])
            return nil
        }
        do {
            let outline = TorrentOutline(try Metainfo(parsing: bytes))
            let have = try await self.services.state.pieces(of: record.infoHash, count: outline.geometry.pieceCount)
            return TorrentEntry(
                record: record, outline: outline, have: have ?? Bitfield(count: outline.geometry.pieceCount))
        } catch let error as MetainfoError {
            self.logger.error(
                "metainfo in the state does not parse; the torrent is left out",
                metadata: ["torrent.id": "\(record.infoHash)", "error.message": "\(error)"])
            return nil
        }
    }

    private func take(_ report: DirectoryObserver.Report, of infoHash: InfoHash) async {
        guard let entry = self.entries[infoHash] else { return }
        switch report {
        case .durable(let pieces): await self.record(pieces, of: entry)
        case .completed: await self.completed(entry)
        }
    }

    private func completed(_ entry: TorrentEntry) async {
        self.logger.notice(
            "torrent finished",
            metadata: ["torrent.id": "\(entry.infoHash)", "torrent.name": "\(entry.outline.name)"])
        await self.services.announcer.completed(entry.infoHash)
        await self.noteCompletion(of: entry)
    }

    func noteCompletion(of entry: TorrentEntry) async {
        entry.record.completed = WallClock.now()
        await self.save(entry, .completed(entry.record.completed))
    }

    /// Records verified pieces that are durable, with the totals of the moment.
    func record(_ pieces: Bitfield, of entry: TorrentEntry) async {
        guard pieces.setCount >= entry.have.setCount else { return }
        entry.have = pieces
        do {
            try await self.services.state.recordPieces(entry.infoHash, pieces)
            try await self.services.state.recordTotals([entry.totals])
        } catch {
            self.logger.error(
                "progress could not be recorded",
                metadata: ["torrent.id": "\(entry.infoHash)", "error.message": "\(error)"])
        }
    }

    /// Records a change of a torrent.
    func save(_ entry: TorrentEntry, _ change: TorrentChange) async {
        do {
            try await self.services.state.update(entry.infoHash, change)
        } catch {
            self.logger.error(
                "torrent could not be recorded",
                metadata: ["torrent.id": "\(entry.infoHash)", "error.message": "\(error)"])
        }
    }
}
