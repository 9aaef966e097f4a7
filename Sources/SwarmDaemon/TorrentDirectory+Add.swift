// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Discovery
import Logging
import Metainfo
import NIOCore
import PieceStore
import StateStore
import StrategyHost
import SwarmConfig
import SwarmEvents
import SwarmModel

extension TorrentDirectory {
    /// Most torrents that one daemon keeps.
    static let torrentLimit = 100_000

    /// How a torrent is to be added.
    struct Options: Sendable {
        var folder: PayloadFolder
        var isPaused = false
        var picker: String?
        var choker: String?
        var trackers: [[String]] = []
        /// How much its files matter.
        var choices = FileChoices(stored: nil)
        /// Where its files go when it is complete.
        var moveTo: PayloadFolder?
        var labels = LabelSet(stored: [])
        /// Pieces that need no check, because they have just been hashed where they lie.
        var have: Bitfield?

        init(folder: PayloadFolder) {
            self.folder = folder
        }
    }

    /// Takes in a torrent; it is in the state store when this returns, and being brought up.
    func add(_ bytes: [UInt8], _ options: Options) async throws -> TorrentReference {
        let metainfo = try Metainfo(parsing: bytes)
        let top = PayloadFolder.Top(name: metainfo.name, isFolder: !metainfo.isSingleFile)
        try await self.requireStrategies(options)
        if let waiting = self.entry(with: metainfo.infoHashes), !waiting.outline.isKnown {
            await self.supply(metainfo, bytes, to: waiting)
            return self.reference(to: waiting)
        }
        guard metainfo.isV1 || metainfo.hasAllPieceLayers else {
            return try await self.addWithoutLayers(metainfo, options)
        }
        try self.admit(metainfo.infoHashes, metainfo.name)
        var options = options
        let place = try self.placement(options, top)
        options.folder = place.folder
        if options.have == nil { try self.requireDisk(of: options.folder) }
        try options.folder.admit(top)
        var priorities = FilePriorities(count: metainfo.files.count)
        try options.choices.apply(to: &priorities, metainfo.files)
        let outline = TorrentOutline(metainfo)
        let have = options.have ?? Bitfield(count: outline.geometry.pieceCount)
        var record = TorrentRecord(
            infoHash: metainfo.infoHash, name: metainfo.name, folder: options.folder.path, added: WallClock.now())
        record.isPaused = options.isPaused
        record.isOriginal = self.isOriginal(top, options)
        record.picker = options.picker
        record.choker = options.choker
        record.trackers = options.trackers
        record.shape = outline.shape
        record.priorities = priorities.areNormal ? nil : priorities.text
        record.disk = self.services.mounts.mountPoint(of: options.folder.path)
        record.place = self.newPlace
        record.labels = options.labels.labels
        record.moveTo = place.moveTo
        let entry = TorrentEntry(record: record, outline: outline, have: have)
        entry.life = options.isPaused ? .paused : .checking(JobProgress())
        try await self.enter(entry, metainfo: bytes)
        if !options.isPaused {
            self.enqueue(entry) { directory, entry in await directory.bringUp(entry) }
        }
        return self.reference(to: entry)
    }

    /// Puts a new torrent into the list and the state store.
    func enter(_ entry: TorrentEntry, metainfo: [UInt8]?) async throws {
        self.entries[entry.infoHash] = entry
        self.order.append(entry.infoHash)
        self.lineUp(entry)
        do {
            let pieces = metainfo == nil ? nil : entry.have
            try await self.services.state.insert(entry.record, metainfo: metainfo, pieces: pieces)
        } catch {
            self.forget(entry)
            throw error
        }
        let folder = entry.record.folder
        self.logger.event(
            .torrentAdded, "\(entry.outline.name) was added, in \(folder)",
            entry.logFields.merging(["store.path": "\(folder)"]) { $1 })
        self.lookAtQueue()
    }

    /// Throws when the folder belongs on a disk that is missing: what other torrents tell of it.
    func requireDisk(of folder: PayloadFolder) throws(ControlError) {
        let mountPoints = Set(self.entries.values.compactMap(\.mountPoint))
        for mountPoint in mountPoints where self.services.mounts.isMissing(mountPoint, below: folder.path) {
            throw ControlError(
                .storage,
                "the disk that belongs at \(mountPoint) is not mounted, and nothing is written in its place; mount it "
                    + "(sudo mount \(mountPoint)) first, or choose another folder")
        }
    }

    /// Whether the payload is somebody's own and not ours to delete: it has just been hashed to be shared, or it was
    /// there when the torrent came, outside the folder that is the daemon's own.
    func isOriginal(_ top: PayloadFolder.Top, _ options: Options) -> Bool {
        if options.have != nil { return true }
        return !self.isOwn(options.folder.path) && options.folder.holds(top)
    }

    /// Drops a torrent, and with `deleteData` its files.
    func remove(_ entry: TorrentEntry, deleteData: Bool) async throws {
        if deleteData {
            if entry.record.isOriginal { throw self.refusalToDelete(entry) }
            // Nothing is stopped for what cannot be done.
            _ = try PayloadFolder(entry.record.folder)
        }
        entry.isRemoved = true
        entry.hashing?.task.cancel()
        entry.lookup?.cancel()
        let outcome = OperationOutcome()
        await self.enqueue(entry) { directory, entry in
            await directory.takeDown(entry)
            do {
                if deleteData, entry.outline.isKnown { try await directory.deleteData(of: entry) }
                try await directory.services.state.remove(entry.infoHash)
                directory.forget(entry)
            } catch {
                await directory.keepAfterAll(entry)
                let reason = ControlError(describing: error)
                outcome.set(ControlError(reason.code, "\(reason.message); \(entry.outline.name) is paused"))
            }
        }.value
        if let error = outcome.error { throw error }
        let data = deleteData ? "deleted" : "kept"
        self.logger.event(
            .torrentRemoved, "\(entry.outline.name) was removed, its files \(data)",
            entry.logFields.merging(["data": "\(data)"]) { $1 })
    }

    private func refusalToDelete(_ entry: TorrentEntry) -> ControlError {
        let path = (entry.record.folder == "/" ? "" : entry.record.folder) + "/" + entry.outline.name
        return ControlError(
            .refused,
            "\(entry.outline.name) stays: \(path) was there before the torrent, and swarmd deletes only what it has "
                + "fetched; remove the torrent without its data, then delete \(path) yourself if you mean it")
    }

    /// What could not be removed stays as it is, and still, until somebody decides.
    private func keepAfterAll(_ entry: TorrentEntry) async {
        entry.isRemoved = false
        // A storage that was told to delete its files is of no more use.
        entry.storage = nil
        entry.record.isPaused = true
        entry.life = .paused
        await self.save(entry, .paused(true))
    }

    private func deleteData(of entry: TorrentEntry) async throws {
        let storage = try await self.storage(of: entry)
        _ = try await storage.settle(entry.record.disk, entry.have, on: self.services.group.any())
        try await storage.removeData(on: self.services.group.any())
    }

    private func forget(_ entry: TorrentEntry) {
        self.entries[entry.infoHash] = nil
        for (name, infoHash) in self.otherNames where infoHash == entry.infoHash { self.otherNames[name] = nil }
        self.order.removeAll { $0 == entry.infoHash }
        self.queue.removeAll { $0 == entry.infoHash }
        self.lookAtQueue()
    }

    /// Takes in a v2 torrent whose file lacks the hashes of pieces: peers have them, as they have for a link.
    private func addWithoutLayers(_ metainfo: Metainfo, _ options: Options) async throws -> TorrentReference {
        guard !metainfo.isPrivate else {
            throw ControlError(
                .refused,
                "the .torrent of \(metainfo.name), which is v2 only and private, lacks hashes of pieces "
                    + "(\"piece layers\"); ask its author for a whole one")
        }
        return try await self.add(MagnetLink(metainfo), options)
    }

    /// Throws when no torrent with one of these names can be taken in now.
    func admit(_ infoHashes: [InfoHash], _ name: String) throws(ControlError) {
        if let present = self.entry(with: infoHashes) {
            throw ControlError(
                .exists,
                "\(present.outline.name) (\(present.infoHash)) is here already, \(self.state(of: present).rawValue), "
                    + "in \(present.record.folder)")
        }
        guard self.entries.count < Self.torrentLimit else {
            throw ControlError(.refused, "there are \(Self.torrentLimit) torrents already; remove some first")
        }
        guard !self.isStopping else { throw ControlError(.busy, "the daemon is stopping") }
    }

    /// Throws when a strategy that the caller asks for cannot be used. The configured ones need not be asked for: where
    /// they fail another takes their place.
    func requireStrategies(_ options: Options) async throws(StrategyError) {
        let settings = self.services.configuration.strategy
        if let picker = options.picker {
            try await self.services.strategies.require(.picker, StrategyUse(picker, settings))
        }
        if let choker = options.choker {
            try await self.services.strategies.require(.choker, StrategyUse(choker, settings))
        }
    }
}
