// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Deflate
import Discovery
import Logging
import Metainfo
import NIOCore
import PeerNetwork
import PieceStore
import StateStore
import StrategyHost
import SwarmConfig
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// How long the answer to a pause waits for the torrent's files.
    private static let pausePatience = Duration.milliseconds(20)

    /// Whether a torrent is to take part in its swarm.
    private func isWanted(_ entry: TorrentEntry) -> Bool {
        !self.isStopping && !entry.isRemoved && !entry.record.isPaused
    }

    /// Makes the files ready, checks what is not recorded, and lets the torrent take part. Only a few are looked at at a
    /// time; `turn` is the leave to do so, when the caller has it already.
    func bringUp(_ entry: TorrentEntry, _ given: TurnQueue.Turn? = nil) async {
        guard self.isWanted(entry), entry.handle == nil || entry.handle?.isAwaitingMetadata == true else { return }
        guard self.mayRun(entry) else { return await self.queueUp(entry) }
        let progress = JobProgress()
        let wasSuspended = if case .suspended = entry.life { true } else { false }
        do {
            let turn = if let given { given } else { try await self.turnToBringUp(entry, progress) }
            guard self.isWanted(entry) else { return }
            guard entry.outline.isKnown else { return try await self.seekMetadata(of: entry) }
            // One that is suspended stays so until its trouble is seen to be over.
            if case .suspended = entry.life {} else { entry.life = .checking(progress) }
            let storage = try await self.storage(of: entry)
            let disk = try await storage.settle(entry.record.disk, entry.have, on: self.services.group.any())
            try await storage.prepare(on: self.services.group.any())
            entry.life = .checking(progress)
            let isWhole = try await self.believe(entry, storage)
            // Where recorded files are missing and no disk is known, it may be the disk that is missing.
            if isWhole || entry.record.disk != nil { await self.noteDisk(disk, of: entry) }
            // Hashing may take hours; others need not wait for that.
            turn.end()
            if !entry.have.isFull { try await self.check(entry, storage, progress: progress) }
            guard self.isWanted(entry) else { throw CancellationError() }
            try await self.join(entry, storage)
            entry.life = .active
            entry.activity = nil
            entry.isReportedComplete = false
            // Another may have been chosen meanwhile.
            await self.applyStrategies(to: entry)
            if wasSuspended {
                self.logger.event(
                    .torrentResumed, "\(entry.outline.name) goes on after a storage failure", entry.logFields)
            }
            if entry.isFinished, entry.record.completed == nil { await self.noteCompletion(of: entry) }
            self.moveWhenComplete(entry)
        } catch is CancellationError {
            // Whoever called it off says what comes next.
        } catch let contradiction as TorrentContradiction {
            await self.stop(entry, because: contradiction)
        } catch {
            self.suspend(entry, because: error)
        }
    }

    private func turnToBringUp(_ entry: TorrentEntry, _ progress: JobProgress) async throws -> TurnQueue.Turn {
        if case .checking = entry.life { entry.life = .checking(progress) }
        progress.isWaiting = true
        defer { progress.isWaiting = false }
        return try await self.bringUps.take()
    }

    /// Takes a torrent off the network. Returns when its progress is recorded and its trackers know.
    func takeDown(_ entry: TorrentEntry) async {
        guard entry.handle != nil else { return }
        await self.halt(entry)
        // Progress first: a tracker that does not answer costs seconds.
        await self.writeProgress(of: [entry])
        await self.services.pieceMaps.remove(entry.infoHash)
        await self.endDiscovery(of: entry)
        await self.services.announcer.remove(entry.infoHash)
    }

    /// Stops a torrent until `resume`, over restarts too. A verification that was asked for goes on to its end.
    func pause(_ entry: TorrentEntry) async {
        guard !entry.record.isPaused else { return }
        entry.record.isPaused = true
        await self.save(entry, .paused(true))
        self.logger.event(.torrentPaused, "\(entry.outline.name) was paused", entry.logFields)
        await self.standStill(entry)
    }

    /// Takes a torrent that is paused off the network.
    func standStill(_ entry: TorrentEntry) async {
        self.lookAtQueue()
        guard entry.verifications == 0 else { return }
        entry.hashing?.task.cancel()
        let ending = self.enqueue(entry) { directory, entry in
            await directory.takeDown(entry)
            if entry.record.isPaused { entry.life = .paused }
        }
        // Its files are closed by then, unless the disk is slow: nobody who drives torrents waits for a disk.
        _ = await Patience.wait(atMost: Self.pausePatience) { await ending.value }
    }

    /// Lets a paused torrent go on, and a suspended one try again.
    func resume(_ entry: TorrentEntry) async {
        entry.record.isPaused = false
        await self.save(entry, .paused(false))
        await self.serveOn(entry)
        self.lookAtQueue()
        self.logger.event(.torrentContinued, "\(entry.outline.name) was resumed", entry.logFields)
        switch entry.life {
        case .paused, .suspended: entry.life = .checking(JobProgress())
        case .asleep, .checking, .active, .queued: break
        }
        self.enqueue(entry) { directory, entry in
            if entry.handle?.status.phase == .suspended { await directory.takeDown(entry) }
            await directory.bringUp(entry)
        }
    }

    // MARK: - Steps

    func metainfo(of entry: TorrentEntry) async throws -> Metainfo {
        try await self.metainfo(entry.infoHash, name: entry.outline.name)
    }

    func metainfo(_ infoHash: InfoHash, name: String) async throws -> Metainfo {
        guard let bytes = try await self.services.state.metainfo(of: infoHash) else {
            throw ControlError(.notFound, "the state has no metainfo of \(name)")
        }
        return try await Self.parse(bytes)
    }

    /// Away from the actor, which has commands to answer.
    @concurrent
    static func parse(_ bytes: [UInt8]) async throws -> Metainfo {
        try Metainfo(parsing: bytes)
    }

    func storage(of entry: TorrentEntry) async throws -> TorrentStorage {
        if let storage = entry.storage { return storage }
        let storage = try await self.storage(of: entry, in: entry.record.folder)
        guard let storage = try await self.completeMove(entry, storage) else {
            return try await self.storage(of: entry)
        }
        let metainfo = try await self.metainfo(of: entry)
        self.select(Self.priorities(entry.record, of: metainfo), of: entry, storage)
        entry.storage = storage
        return storage
    }

    /// The files of a torrent as they are, or would be, below a folder.
    func storage(of entry: TorrentEntry, in folder: String) async throws -> TorrentStorage {
        let metainfo = try await self.metainfo(of: entry)
        entry.namedTrackers = metainfo.trackerTiers
        entry.namedNodes = metainfo.dhtNodes.map { "\($0.host):\($0.port)" }
        entry.isPrivate = metainfo.isPrivate
        entry.metadataSize = metainfo.infoBytes.count
        self.note(v1: metainfo.infoHashV1, v2: metainfo.infoHashV2, of: entry)
        entry.lacksLayers = metainfo.isV2 && !metainfo.hasAllPieceLayers
        entry.webSeeds = metainfo.webSeeds
        entry.webFiles = metainfo.webSeeds.isEmpty ? nil : WebSeedFiles(metainfo)
        return try await Self.storage(metainfo, folder, self.services)
    }

    @concurrent
    private static func storage(
        _ metainfo: Metainfo, _ folder: String, _ services: DaemonServices
    ) async throws -> TorrentStorage {
        try TorrentStorage(store: services.store, metainfo: metainfo, root: folder, mounts: services.mounts)
    }

    /// Remembers where the payload's disk is mounted, once its files have been seen there.
    func noteDisk(_ mountPoint: String, of entry: TorrentEntry) async {
        guard entry.record.disk != mountPoint else { return }
        entry.record.disk = mountPoint
        await self.save(entry, .disk(mountPoint))
    }

    /// Believes what is recorded as far as its files are there. Tells whether all of them are.
    private func believe(_ entry: TorrentEntry, _ storage: TorrentStorage) async throws -> Bool {
        let lost = try await storage.quickCheck(entry.have, on: self.services.group.any())
        guard !lost.isEmpty else { return true }
        self.logger.event(
            .piecesMissing,
            "\(lost.setCount) pieces of \(entry.outline.name) are gone from disk and are fetched again",
            entry.logFields.merging(["pieces": "\(lost.setCount)", "store.path": "\(entry.record.folder)"]) { $1 })
        lost.forEachSet { entry.have.remove($0) }
        // Before their files are made anew, as long as they were: then nobody could tell any more.
        entry.isUnrecorded = true
        await self.writeProgress(of: [entry])
        return false
    }

    /// Hashes pieces that are not recorded, and records those that are there.
    private func check(_ entry: TorrentEntry, _ storage: TorrentStorage, progress: JobProgress) async throws {
        guard self.isWanted(entry) else { throw CancellationError() }
        var unknown = Bitfield(count: entry.have.count, filled: true)
        entry.have.forEachSet { unknown.remove($0) }
        let outcome = try await self.hash(unknown, of: entry, storage, progress: progress)
        entry.rehashed = progress.done
        if !outcome.valid.isEmpty {
            try await storage.synchronise(on: self.services.group.any())
            entry.have.formUnion(outcome.valid)
            entry.isUnrecorded = true
            await self.writeProgress(of: [entry])
        }
        // What was found so far need not be hashed again.
        if outcome.wasCancelled { throw CancellationError() }
        if let piece = outcome.contradiction { throw TorrentContradiction(piece: piece) }
    }

    private func join(_ entry: TorrentEntry, _ storage: TorrentStorage) async throws {
        let choice = self.choice(for: entry)
        let geometry = entry.outline.geometry
        let seed = UInt64.random(in: 0...UInt64.max)
        let strategies = await self.services.strategies.maker(of: choice)
        var parameters = TorrentParameters(
            infoHash: entry.infoHash, geometry: geometry, storage: storage, have: entry.have, seed: seed,
            strategies: strategies, compression: entry.record.compression.flatMap { CompressionMode(rawValue: $0) },
            observer: self.observer(of: entry))
        parameters.caps = entry.record.caps
        parameters.priorities = entry.selection?.pieces ?? []
        parameters.superSeeds = entry.record.superSeeds
        parameters.isPrivate = entry.isPrivate
        (parameters.infoHashV1, parameters.infoHashV2) = entry.infoHashes
        if entry.infoHashes.v2 != nil { parameters.hashTrees = self.hashTreeSource(of: entry.infoHash) }
        parameters.webSeeds = entry.webSeeds
        parameters.webFiles = entry.webFiles
        parameters.metadata = entry.metadataSize.map { self.metadataSource(of: entry.infoHash, size: $0) }
        let handle: TorrentHandle
        if let waiting = entry.handle {
            // Its metadata have come; it keeps its connections.
            try await waiting.adopt(parameters)
            handle = waiting
        } else {
            handle = try await self.services.network.start(parameters)
        }
        entry.handle = handle
        // Another limit may have come while the network was busy.
        if entry.record.caps != parameters.caps { handle.change(caps: entry.record.caps) }
        entry.choice = strategies.choice
        // Others may have been chosen while the network was busy.
        if let pieces = entry.selection?.pieces, pieces != parameters.priorities { handle.prioritise(pieces) }
        await self.services.pieceMaps.add(
            entry.infoHash,
            MappedHandle(handle, pieceCount: geometry.pieceCount, announcer: self.services.announcer))
        await self.discover(entry, handle)
        await self.announce(entry, by: handle)
        await self.completeLayers(of: entry, handle)
    }

    /// Reads the metadata again, for peers that ask for them.
    private func metadataSource(of infoHash: InfoHash, size: Int) -> MetadataSource {
        let state = self.services.state
        return MetadataSource(size: size) {
            guard let bytes = try? await state.metainfo(of: infoHash), let metainfo = try? Metainfo(parsing: bytes)
            else {
                return nil
            }
            return metainfo.infoBytes
        }
    }

    /// Reads the hash trees again, for peers that ask for hashes.
    private func hashTreeSource(of infoHash: InfoHash) -> HashTreeSource {
        let state = self.services.state
        return HashTreeSource {
            guard let bytes = try? await state.metainfo(of: infoHash) else { return nil }
            return (try? await Self.parse(bytes)).flatMap { HashTrees($0) }
        }
    }

    func suspend(_ entry: TorrentEntry, because error: any Error) {
        let reason =
            (error as? StorageError).flatMap {
                SandboxAdvice.ofThisProcess.explanation(of: $0, below: entry.record.folder)
            } ?? ControlError(describing: error).message
        if case .suspended(reason) = entry.life {
        } else {
            self.logger.event(
                .torrentSuspended, "\(entry.outline.name) is suspended: \(reason)",
                entry.logFields.merging(["error.message": "\(reason)"]) { $1 })
        }
        entry.life = .suspended(reason)
        self.lookAtQueue()
        let infoHash = entry.infoHash
        entry.retry?.cancel()
        entry.retry = Task {
            do { try await Task.sleep(for: Self.retryPause) } catch { return }
            self.retry(infoHash)
        }
    }

    private func retry(_ infoHash: InfoHash) {
        guard let entry = self.entries[infoHash], case .suspended = entry.life, !self.isStopping else { return }
        self.enqueue(entry) { directory, entry in await directory.bringUp(entry) }
    }
}
