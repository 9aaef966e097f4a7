// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import PieceStore
import SwarmConfig
import SwarmModel

extension ControlMethods {
    func add(_ params: TorrentAdd.Params) async throws -> TorrentReference {
        var options = TorrentDirectory.Options(
            folder: params.dir ?? self.services.configuration.daemon.downloadDirectory)
        options.isPaused = params.paused
        options.picker = params.picker
        options.choker = params.choker
        options.trackers = params.trackers.map { [$0] }
        let bytes = try await self.metainfo(from: params.source, options: &options)
        return try await self.directory.add(bytes, options)
    }

    func get(_ params: CatalogueGet.Params) async throws -> TorrentReference {
        var options = TorrentDirectory.Options(
            folder: params.dir ?? self.services.configuration.daemon.downloadDirectory)
        options.isPaused = params.paused
        options.picker = params.picker
        options.choker = params.choker
        let bytes = try await self.services.catalogues.metainfo(named: params.id)
        return try await self.directory.add(bytes, options)
    }

    func verify(_ params: SelectorParams) async throws -> JobReference {
        let torrent = try await self.directory.reference(params.id)
        let directory = self.directory
        return try await self.jobs.start(.verify, name: torrent.name) { progress in
            try await directory.verify(torrent.infoHash, progress: progress)
        }
    }

    /// Hashes what is shared where it lies, seeds it, and registers it with the catalogues of its trackers.
    func share(_ params: TorrentShare.Params) async throws -> JobReference {
        let path = try SharedPath(params.path)
        let services = self.services
        let directory = self.directory
        return try await self.jobs.start(.share, name: params.name ?? path.name) { progress in
            let trackers = params.trackers.isEmpty ? services.configuration.discovery.tracker : params.trackers
            var options = TorrentCreator.Options()
            options.trackerTiers = trackers.map { [$0] }
            options.pieceLength = params.pieceLength.flatMap { UInt32(exactly: $0) }
            options.isPrivate = params.isPrivate
            options.kind = params.kind == .hybrid ? .hybrid : .v1
            options.comment = params.comment
            options.createdBy = "swarmd \(DaemonIdentity.version)"
            let created = try await TorrentCreator.create(path: params.path, options: options, store: services.store) {
                done, total in progress.set(done: done, total: total)
            }
            let metainfo = try Metainfo(parsing: created.metainfo)
            var adding = TorrentDirectory.Options(folder: path.folder)
            adding.picker = params.picker
            adding.choker = params.choker
            adding.have = Bitfield(count: metainfo.geometry.pieceCount, filled: true)
            let torrent = try await directory.addOrFind(created.metainfo, adding)
            try await services.catalogues.publish(created.metainfo, trackers: trackers)
            return torrent
        }
    }

    /// The metainfo that an addition names. A magnet link or a bare hash is looked up in the catalogues of its trackers
    /// and of the configured ones.
    private func metainfo(
        from source: TorrentSource, options: inout TorrentDirectory.Options
    ) async throws -> [UInt8] {
        switch source {
        case .metainfo(let bytes): return bytes.bytes
        case .url(let address): return try await self.services.catalogues.download(address)
        case .infoHash(let hash): return try await self.services.catalogues.metainfo(of: hash, trackers: [])
        case .magnet(let text):
            let link: MagnetLink
            do {
                link = try MagnetLink(parsing: text)
            } catch {
                throw ControlError(.malformedTorrent, "\(error)")
            }
            options.trackers = link.trackerTiers + options.trackers
            return try await self.services.catalogues.metainfo(of: link.infoHash, trackers: link.trackers)
        }
    }
}
