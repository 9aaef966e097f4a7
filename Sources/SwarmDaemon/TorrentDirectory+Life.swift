// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import NIOCore
import PeerNetwork
import PieceStore
import StateStore
import StrategyHost
import SwarmConfig
import SwarmModel

extension TorrentDirectory {
    /// Whether a torrent is to take part in its swarm.
    private func isWanted(_ entry: TorrentEntry) -> Bool {
        !self.isStopping && !entry.isRemoved && !entry.record.isPaused
    }

    /// Makes the files ready, checks what is not recorded, and lets the torrent take part.
    func bringUp(_ entry: TorrentEntry) async {
        guard self.isWanted(entry), entry.handle == nil else { return }
        let progress = JobProgress()
        // One that is suspended stays so until its trouble is seen to be over.
        if case .suspended = entry.life {} else { entry.life = .checking(progress) }
        do {
            let metainfo = try await self.metainfo(of: entry)
            let storage = try self.storage(of: entry, metainfo)
            try await storage.prepare(on: self.services.group.any())
            entry.life = .checking(progress)
            try await self.check(entry, storage, progress: progress)
            guard self.isWanted(entry) else { throw CancellationError() }
            try await self.join(entry, storage, metainfo)
            entry.life = .active
            if entry.have.isFull, entry.record.completed == nil { await self.noteCompletion(of: entry) }
        } catch is CancellationError {
            // Whoever called it off says what comes next.
        } catch {
            self.suspend(entry, because: error)
        }
    }

    /// Takes a torrent off the network. Returns when its progress is recorded and its trackers know.
    func takeDown(_ entry: TorrentEntry) async {
        guard let handle = entry.handle else { return }
        do {
            await self.record(try await self.services.network.stop(handle), of: entry)
        } catch {
            self.logger.error(
                "torrent did not stop cleanly",
                metadata: ["torrent.id": "\(entry.infoHash)", "error.message": "\(error)"])
        }
        // Progress first: a tracker that does not answer costs seconds.
        await self.services.announcer.remove(entry.infoHash)
        entry.foldTotals()
        entry.handle = nil
    }

    /// Stops a torrent until `resume`, over restarts too. A verification that was asked for goes on to its end.
    func pause(_ entry: TorrentEntry) async {
        guard !entry.record.isPaused else { return }
        entry.record.isPaused = true
        await self.save(entry, .paused(true))
        guard entry.verifications == 0 else { return }
        entry.hashing?.task.cancel()
        await self.enqueue(entry) { directory, entry in
            await directory.takeDown(entry)
            if entry.record.isPaused { entry.life = .paused }
        }.value
    }

    /// Lets a paused torrent go on, and a suspended one try again.
    func resume(_ entry: TorrentEntry) async {
        entry.record.isPaused = false
        await self.save(entry, .paused(false))
        switch entry.life {
        case .paused, .suspended: entry.life = .checking(JobProgress())
        case .asleep, .checking, .active: break
        }
        self.enqueue(entry) { directory, entry in
            if entry.handle?.status.phase == .suspended { await directory.takeDown(entry) }
            await directory.bringUp(entry)
        }
    }

    // MARK: - Steps

    func metainfo(of entry: TorrentEntry) async throws -> Metainfo {
        guard let bytes = try await self.services.state.metainfo(of: entry.infoHash) else {
            throw ControlError(.notFound, "the state has no metainfo of \(entry.outline.name)")
        }
        return try Metainfo(parsing: bytes)
    }

    func storage(of entry: TorrentEntry, _ metainfo: Metainfo) throws -> TorrentStorage {
        if let storage = entry.storage { return storage }
        let storage = try TorrentStorage(store: self.services.store, metainfo: metainfo, root: entry.record.folder)
        entry.storage = storage
        return storage
    }

    /// Believes what is recorded as far as its files are there, and hashes whatever else is on disk.
    private func check(_ entry: TorrentEntry, _ storage: TorrentStorage, progress: JobProgress) async throws {
        let lost = try await storage.quickCheck(entry.have, on: self.services.group.any())
        var believed = entry.have
        lost.forEachSet { believed.remove($0) }
        if believed.setCount < entry.have.setCount {
            self.logger.warning(
                "recorded pieces are gone from disk and will be fetched again",
                metadata: [
                    "torrent.id": "\(entry.infoHash)", "pieces": "\(entry.have.setCount - believed.setCount)",
                    "store.path": "\(entry.record.folder)",
                ])
        }
        guard !believed.isFull else {
            entry.have = believed
            return
        }
        var unknown = Bitfield(count: believed.count, filled: true)
        believed.forEachSet { unknown.remove($0) }
        guard self.isWanted(entry) else { throw CancellationError() }
        let outcome = try await self.hash(unknown, of: entry, storage, progress: progress)
        var found = outcome.valid
        let fresh = found.setCount
        believed.forEachSet { found.insert($0) }
        entry.rehashed = progress.done
        if fresh > 0 {
            try await storage.synchronise(on: self.services.group.any())
            try await self.services.state.recordPieces(entry.infoHash, found)
        }
        entry.have = found
        // What was found so far need not be hashed again.
        if outcome.wasCancelled { throw CancellationError() }
    }

    private func join(_ entry: TorrentEntry, _ storage: TorrentStorage, _ metainfo: Metainfo) async throws {
        let strategies = self.services.strategies
        let pickerName = entry.record.picker ?? self.services.configuration.strategy.picker
        let chokerName = entry.record.choker ?? self.services.configuration.strategy.choker
        let geometry = entry.outline.geometry
        let seed = UInt64.random(in: 0...UInt64.max)
        // Fails here, before anything is started, when a plugin is missing.
        try strategies.require(picker: pickerName, choker: chokerName)
        let parameters = TorrentParameters(
            infoHash: entry.infoHash, geometry: entry.outline.geometry, storage: storage, have: entry.have, seed: seed,
            makePicker: { strategies.picker(pickerName, for: geometry, seed: seed) },
            makeChoker: { strategies.choker(chokerName, for: geometry, seed: seed) }, observer: self.observer)
        let handle = try await self.services.network.start(parameters)
        entry.handle = handle
        let base = (up: entry.record.uploaded, down: entry.record.downloaded)
        let total = entry.outline.geometry.totalLength
        await self.services.announcer.add(
            entry.infoHash, tiers: entry.trackerTiers(of: metainfo),
            statistics: {
                let status = handle.status
                return AnnounceStatistics(
                    uploaded: base.up + status.uploaded, downloaded: base.down + status.downloaded,
                    left: total - status.haveBytes)
            },
            onPeers: { handle.add(candidates: $0) })
    }

    private func suspend(_ entry: TorrentEntry, because error: any Error) {
        let reason = ControlError(describing: error).message
        if case .suspended(reason) = entry.life {
        } else {
            self.logger.error(
                "torrent suspended",
                metadata: [
                    "torrent.id": "\(entry.infoHash)", "torrent.name": "\(entry.outline.name)",
                    "error.message": "\(reason)",
                ])
        }
        entry.life = .suspended(reason)
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
