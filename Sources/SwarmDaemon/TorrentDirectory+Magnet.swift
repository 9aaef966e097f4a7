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

/// Torrents of which nothing but a link is known: peers give the metadata (BEP 9), or a tracker's catalogue does.
extension TorrentDirectory {
    /// Takes in a link; it is in the state store when this returns, and asks for its metadata.
    func add(_ link: MagnetLink, _ options: Options) async throws -> TorrentReference {
        let infoHash = link.infoHash
        let name = link.name.flatMap { SafeName.torrent(Array($0.utf8)[...]) } ?? "\(infoHash)"
        try await self.requireStrategies(options)
        try self.admit(link.infoHashes, name)
        var options = options
        let place = try self.placement(options, nil)
        options.folder = place.folder
        try self.requireDisk(of: options.folder)
        var record = TorrentRecord(
            infoHash: infoHash, name: name, folder: options.folder.path, added: WallClock.now(),
            magnet: link.description)
        record.isPaused = options.isPaused
        record.picker = options.picker
        record.choker = options.choker
        record.trackers = options.trackers
        record.choices = try options.choices.stored(behind: nil)
        record.disk = self.services.mounts.mountPoint(of: options.folder.path)
        record.place = self.newPlace
        record.labels = options.labels.labels
        record.moveTo = place.moveTo
        let entry = TorrentEntry(record: record, outline: TorrentOutline(named: name), have: Bitfield(count: 0))
        entry.life = options.isPaused ? .paused : .checking(JobProgress())
        try await self.enter(entry, metainfo: nil)
        self.note(v1: link.infoHashV1, v2: link.infoHashV2, of: entry)
        if !options.isPaused {
            self.enqueue(entry) { directory, entry in await directory.bringUp(entry) }
        }
        return self.reference(to: entry)
    }

    /// Lets a torrent ask peers for its metadata.
    func seekMetadata(of entry: TorrentEntry) async throws {
        guard entry.handle == nil, let link = entry.record.magnet.flatMap({ try? MagnetLink(parsing: $0) }) else {
            return
        }
        if await self.isKnownSpare(entry) { return }
        self.note(v1: link.infoHashV1, v2: link.infoHashV2, of: entry)
        var parameters = try TorrentParameters(
            awaiting: entry.infoHash, v2: link.infoHashV2, store: self.services.store,
            seed: UInt64.random(in: 0...UInt64.max),
            observer: self.observer(of: entry))
        parameters.infoHashV1 = link.infoHashV1
        parameters.caps = entry.record.caps
        let handle = try await self.services.network.start(parameters)
        entry.handle = handle
        entry.namedTrackers = link.trackerTiers
        // Whether it is private is not known yet; then it is looked for nowhere else from the moment that it is.
        await self.discover(entry, handle)
        await self.announce(entry, by: handle)
        handle.add(candidates: link.peers)
        entry.life = .active
        let (catalogues, infoHash, trackers) = (self.services.catalogues, entry.infoHash, link.trackers)
        entry.lookup?.cancel()
        entry.lookup = Task { [weak self] in
            guard let bytes = try? await catalogues.metainfo(of: infoHash, trackers: trackers), !Task.isCancelled else {
                return
            }
            await self?.found(bytes, of: infoHash)
        }
    }

    /// A catalogue has the .torrent file.
    private func found(_ bytes: [UInt8], of infoHash: InfoHash) async {
        guard let entry = self.entries[infoHash], !entry.outline.isKnown else { return }
        await self.enqueue(entry) { directory, entry in
            guard let metainfo = try? Metainfo(parsing: bytes), metainfo.answers(to: entry.infoHash) else { return }
            await directory.take(metainfo, bytes, from: "a catalogue", for: entry)
        }.value
    }

    /// Peers gave the info dictionary; its hash is right.
    func take(_ metadata: [UInt8], for entry: TorrentEntry) async {
        let link = entry.record.magnet.flatMap { try? MagnetLink(parsing: $0) }
        do {
            let metainfo = try await Self.metainfo(metadata, link)
            await self.take(metainfo, metainfo.encoded, from: "peers", for: entry)
        } catch {
            await self.giveUp(entry, because: error)
        }
    }

    /// What peers gave is what was asked for, and is of no use: it will not get better by asking again.
    func giveUp(_ entry: TorrentEntry, because error: any Error) async {
        await self.takeDown(entry)
        entry.life = .suspended("the metadata that peers have cannot be used: \(error)")
        self.logger.event(
            .torrentSuspended, "\(entry.outline.name) is suspended: its metadata cannot be used: \(error)",
            entry.logFields(error))
    }

    /// Away from the actor, which has commands to answer.
    @concurrent
    private static func metainfo(_ metadata: [UInt8], _ link: MagnetLink?) async throws -> Metainfo {
        try Metainfo(
            parsingInfo: metadata, trackerTiers: link?.trackerTiers ?? [], webSeeds: link?.webSeeds ?? [])
    }

    /// The metadata are here: what was a link becomes an ordinary torrent.
    func take(_ metainfo: Metainfo, _ bytes: [UInt8], from where: String, for entry: TorrentEntry) async {
        guard !entry.outline.isKnown, !entry.isRemoved else { return }
        guard metainfo.isV1 || metainfo.hasAllPieceLayers else {
            return await self.seekLayers(of: metainfo, for: entry)
        }
        if await self.isSpare(entry, with: metainfo) { return }
        entry.withoutLayers = nil
        let outline = TorrentOutline(metainfo)
        let top = PayloadFolder.Top(name: metainfo.name, isFolder: !metainfo.isSingleFile)
        await self.settle(entry, top)
        let isOriginal = (try? PayloadFolder(entry.record.folder)).map { folder in
            self.isOriginal(top, Options(folder: folder))
        }
        let named = Set(metainfo.trackerTiers.joined())
        let more = (entry.namedTrackers + entry.record.trackers).filter { !named.isSuperset(of: $0) }
        let link = entry.record.magnet.flatMap { try? MagnetLink(parsing: $0) }
        let priorities = (try? Self.priorities(link, entry.record.choices, of: metainfo)) ?? nil
        do {
            try await self.services.state.setMetainfo(
                bytes, of: entry.infoHash, name: metainfo.name, shape: outline.shape)
            try await self.services.state.update(
                entry.infoHash, .trackers(more), .original(isOriginal ?? false), .priorities(priorities?.text),
                .choices(nil))
        } catch {
            // They are fetched anew when the state can be written again.
            await self.takeDown(entry)
            return self.suspend(entry, because: error)
        }
        entry.record.name = metainfo.name
        entry.record.shape = outline.shape
        entry.record.trackers = more
        entry.record.isOriginal = isOriginal ?? false
        entry.record.priorities = priorities?.text
        entry.record.choices = nil
        entry.outline = outline
        entry.have = Bitfield(count: outline.geometry.pieceCount)
        self.logger.event(.metadataReceived, "\(metainfo.name): \(`where`) gave the metadata", entry.logFields)
        self.spareTwin(of: entry, metainfo.infoHashes)
        guard !entry.record.isPaused else { return await self.takeDown(entry) }
        await self.bringUp(entry)
        // Of a private torrent's peers only those count that its trackers or the link named (BEP 27).
        guard metainfo.isPrivate, let handle = entry.handle else { return }
        await self.endDiscovery(of: entry)
        handle.add(candidates: link?.peers ?? [])
        _ = await self.services.announcer.announceNow(entry.infoHash)
    }

    /// Files that lie where they are to go when they are complete are taken from there.
    private func settle(_ entry: TorrentEntry, _ top: PayloadFolder.Top) async {
        guard let goal = entry.record.moveTo, (try? PayloadFolder(goal))?.holds(top) == true,
            (try? PayloadFolder(entry.record.folder))?.holds(top) == false
        else { return }
        entry.record.folder = goal
        entry.record.disk = self.services.mounts.mountPoint(of: goal)
        await self.save(entry, .folder(goal), .disk(entry.record.disk))
        await self.stay(entry)
    }

    /// Somebody has the .torrent file of what waits for its metadata.
    func supply(_ metainfo: Metainfo, _ bytes: [UInt8], to entry: TorrentEntry) async {
        await self.enqueue(entry) { directory, entry in
            await directory.take(metainfo, bytes, from: "the .torrent file", for: entry)
        }.value
    }
}
