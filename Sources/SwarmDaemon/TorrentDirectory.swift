// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import PeerNetwork
import PieceStore
import StateStore
import SwarmEvents
import SwarmModel

/// All torrents of the daemon, from the state store to the network and back. The one place that starts, stops, checks
/// and removes them; commands come here, payload never does.
actor TorrentDirectory {
    /// How long a torrent that could not be brought up waits before the next attempt.
    static let retryPause = Duration.seconds(10)

    let services: DaemonServices
    let logger: Logger
    var entries: [InfoHash: TorrentEntry] = [:]
    /// Of torrents that have two names on the wire (BEP 52) the one that they are not kept under, as far as it is known.
    var otherNames: [InfoHash: InfoHash] = [:]
    /// Info-hashes in the order in which they were added.
    var order: [InfoHash] = []
    /// The same in the order of the queue.
    var queue: [InfoHash] = []
    /// Who takes part while not all may; nil when all may.
    var plan: QueuePlan?
    /// The look at the queue that is to come.
    var queueLook: Task<Void, Never>?
    var lastQueueLook: ContinuousClock.Instant?
    /// Set when the daemon ends; nothing starts any more.
    var isStopping = false
    private var operationCount = 0
    /// Torrents that cannot be listed before their metainfo has been read: an earlier release stored them.
    var unread: [TorrentRecord] = []
    /// Those who wait for `unread` to be read.
    var readers: [CheckedContinuation<Void, Never>] = []
    /// Who may bring up a torrent: looking at all files at once would only make the disk seek.
    let bringUps = TurnQueue(limit: 8)
    /// Who may hash, in turns.
    let hashings = TurnQueue(limit: 8)

    /// Hears of what happens on a torrent's loop.
    func observer(of entry: TorrentEntry) -> DirectoryObserver {
        DirectoryObserver(name: entry.outline.name, folder: entry.record.folder, logger: self.logger) {
            [weak self] infoHash, report in
            // Reports of one torrent come seldom (a sync every few seconds); their order does not matter, because
            // durable pieces only grow.
            Task { await self?.take(report, of: infoHash) }
        }
    }

    init(services: DaemonServices) {
        self.services = services
        self.logger = services.logger
    }

    /// The torrent that `selector` means.
    func entry(_ selector: TorrentSelector) throws(ControlError) -> TorrentEntry {
        // A whole info-hash, as programs have it, needs no search.
        if let whole = InfoHash(hex: selector.text), let entry = self.entry(with: [whole]) { return entry }
        if let v2 = InfoHashV2(hex: selector.text)?.truncated, let entry = self.entry(with: [v2]) { return entry }
        let names = self.order.lazy.compactMap { self.entries[$0] }.map {
            (infoHash: $0.infoHash, name: $0.outline.name)
        }
        let infoHash = try selector.resolve(in: names)
        guard let entry = self.entries[infoHash] else {
            throw ControlError(.notFound, "torrent \(infoHash) has just been removed")
        }
        return entry
    }

    /// The torrent with one of these names, if it is here.
    func entry(with infoHashes: [InfoHash]) -> TorrentEntry? {
        infoHashes.lazy.compactMap { hash in
            self.entries[hash] ?? self.otherNames[hash].flatMap { self.entries[$0] }
        }.first
    }

    /// Runs `operation` when those asked for earlier on the same torrent are done.
    @discardableResult
    func enqueue(
        _ entry: TorrentEntry, _ operation: @escaping @Sendable (isolated TorrentDirectory, TorrentEntry) async -> Void
    ) -> Task<Void, Never> {
        let previous = entry.lastOperation
        let infoHash = entry.infoHash
        self.operationCount += 1
        let number = self.operationCount
        entry.lastOperationNumber = number
        let task = Task {
            await previous?.value
            await self.run(operation, number, on: infoHash)
        }
        entry.lastOperation = task
        return task
    }

    private func run(
        _ operation: @Sendable (isolated TorrentDirectory, TorrentEntry) async -> Void, _ number: Int,
        on infoHash: InfoHash
    ) async {
        guard let entry = self.entries[infoHash] else { return }
        await operation(self, entry)
        if entry.lastOperationNumber == number { entry.lastOperation = nil }
    }

    private func take(_ report: DirectoryObserver.Report, of infoHash: InfoHash) async {
        guard let entry = self.entries[infoHash] else { return }
        switch report {
        case .durable(let pieces):
            self.note(pieces, of: entry)
            await self.writeProgress(of: [entry])
        case .completed: await self.completed(entry)
        case .metadata(let metadata):
            self.enqueue(entry) { directory, entry in await directory.take(metadata, for: entry) }
        case .contradiction(let piece): self.contradicted(piece, of: infoHash)
        case .layers(let layers):
            self.enqueue(entry) { directory, entry in await directory.take(layers, for: entry) }
        }
    }

    private func completed(_ entry: TorrentEntry) async {
        entry.isReportedComplete = true
        self.logger.event(
            .torrentFinished, "\(entry.outline.name) is complete",
            entry.logFields.merging(["store.path": "\(entry.record.folder)"]) { $1 })
        // A tracker counts those who have all of it.
        if entry.handle?.status.leftBytes == 0 { await self.services.announcer.completed(entry.infoHash) }
        for name in self.names(of: entry) { await self.services.hashTable?.completed(name) }
        self.moveWhenComplete(entry)
        self.lookAtQueue()
        await self.noteCompletion(of: entry)
    }

    func noteCompletion(of entry: TorrentEntry) async {
        entry.record.completed = WallClock.now()
        await self.save(entry, .completed(entry.record.completed))
    }

    /// Takes in verified pieces that are durable. Reports may overtake one another, but pieces only grow.
    func note(_ pieces: Bitfield, of entry: TorrentEntry) {
        guard pieces.setCount > entry.have.setCount else { return }
        entry.have = pieces
        entry.isUnrecorded = true
    }

    /// Records what is durable of some torrents, and their totals of the moment, in one transaction. What could not be
    /// recorded is so with the next call.
    func writeProgress(of entries: [TorrentEntry]) async {
        let news = entries.filter { $0.isUnrecorded && !$0.isRemoved }
        let moved = entries.filter { $0.totals != $0.recordedTotals && !$0.isRemoved }
        guard !news.isEmpty || !moved.isEmpty else { return }
        let totals = moved.map(\.totals)
        for entry in news { entry.isUnrecorded = false }
        do {
            try await self.services.state.recordPieces(news.map { ($0.infoHash, $0.have) }, totals: totals)
            for (entry, recorded) in zip(moved, totals) { entry.recordedTotals = recorded }
        } catch {
            for entry in news { entry.isUnrecorded = true }
            let count = max(news.count, moved.count)
            self.logger.event(
                .progressUnrecorded, "the progress of torrents (\(count)) could not be recorded: \(error)",
                ["torrents": "\(count)", "error.message": "\(error)"])
        }
    }

    /// Records changes of a torrent, all with one wait for the disk.
    func save(_ entry: TorrentEntry, _ changes: TorrentChange...) async { await self.save(entry, changes) }

    /// As `save`, with the changes in an array.
    func save(_ entry: TorrentEntry, _ changes: [TorrentChange]) async {
        guard !changes.isEmpty else { return }
        do {
            try await self.services.state.update(entry.infoHash, changes)
        } catch {
            self.logger.event(
                .progressUnrecorded, "a change of \(entry.outline.name) could not be recorded: \(error)",
                entry.logFields(error))
        }
    }
}
