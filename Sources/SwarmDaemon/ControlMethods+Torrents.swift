// SPDX-License-Identifier: Apache-2.0

import ControlWire
import Metainfo
import PieceStore
import SwarmConfig
import SwarmModel

extension ControlMethods {
    func add(_ params: TorrentAdd.Params) async throws -> TorrentReference {
        var options = try self.placement(params.dir)
        options.isPaused = params.paused
        options.picker = params.picker
        options.choker = params.choker
        options.trackers = try Self.tiers(params.trackers)
        options.choices = try FileChoices(params.files)
        options.labels = try LabelSet(params.labels)
        options.moveTo = try params.moveTo.map { path throws(ControlError) in try PayloadFolder(path) }
        switch params.source {
        case .metainfo(let bytes): return try await self.directory.add(bytes.bytes, options)
        case .url(let address): return try await self.directory.add(try await self.download(address), options)
        case .infoHash(let hash): return try await self.add(magnet: "\(hash)", options)
        case .magnet(let text): return try await self.add(magnet: text, options)
        }
    }

    func get(_ params: CatalogueGet.Params) async throws -> TorrentReference {
        var options = try self.placement(params.dir)
        options.isPaused = params.paused
        options.picker = params.picker
        options.choker = params.choker
        options.labels = try LabelSet(params.labels)
        options.moveTo = try params.moveTo.map { path throws(ControlError) in try PayloadFolder(path) }
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

    func move(_ params: TorrentMove.Params) async throws -> JobReference {
        let folder = try PayloadFolder(params.dir)
        let torrent = try await self.directory.admitMove(params, folder)
        let directory = self.directory
        return try await self.jobs.start(.move, name: torrent.name) { progress in
            try await directory.move(torrent.infoHash, to: folder.path, progress: progress)
        }
    }

    /// Hashes what is shared where it lies, seeds it, and registers it with the catalogues of its trackers.
    func share(_ params: TorrentShare.Params) async throws -> JobReference {
        let path = try SharedPath(params.path)
        let services = self.services
        let directory = self.directory
        let trackers = params.trackers.isEmpty ? services.configuration.discovery.tracker : params.trackers
        let options = try Self.creation(params, trackers)
        return try await self.jobs.start(.share, name: path.name) { progress in
            let created = try await Self.create(params.path, options, services.store, progress)
            let metainfo = try Metainfo(parsing: created.metainfo)
            var adding = TorrentDirectory.Options(folder: try PayloadFolder(created.root))
            adding.picker = params.picker
            adding.choker = params.choker
            adding.have = Bitfield(count: metainfo.geometry.pieceCount, filled: true)
            let torrent = try await directory.share(created.metainfo, adding)
            try await services.catalogues.publish(created.metainfo, trackers: trackers)
            return torrent
        }
    }

    private static func create(
        _ path: String, _ options: TorrentCreator.Options, _ store: PieceStore, _ progress: JobProgress
    ) async throws -> TorrentCreator.Created {
        do {
            return try await TorrentCreator.create(path: path, options: options, store: store) { done, total in
                progress.set(done: done, total: total)
            }
        } catch let error as MetainfoError {
            // Nothing but an empty payload makes the whole of it unacceptable.
            let reason = error.place == "info" ? "there is not a single byte in it" : "\(error)"
            throw ControlError(.refused, "cannot share \(path): \(reason)")
        }
    }

    private static func creation(
        _ params: TorrentShare.Params, _ trackers: [String]
    ) throws(ControlError) -> TorrentCreator.Options {
        var options = TorrentCreator.Options()
        options.trackerTiers = try Self.tiers(trackers)
        if let length = params.pieceLength {
            guard let exact = UInt32(exactly: length) else {
                throw ControlError(.invalidParams, "piece_length must be a power of two from 16 KiB, not \(length)")
            }
            options.pieceLength = exact
        }
        options.isPrivate = params.isPrivate
        switch params.kind {
        case .v1: options.kind = .v1
        case .hybrid: options.kind = .hybrid
        case .v2: options.kind = .v2
        }
        options.comment = params.comment
        options.webSeeds = try Self.webSeeds(params.webSeeds)
        options.createdBy = "swarmd \(DaemonIdentity.version)"
        return options
    }

    /// A tier for each URL. Throws for what no tracker can be asked by, so that a slip is told at once.
    private static func tiers(_ urls: [String]) throws(ControlError) -> [[String]] {
        for url in urls where !Self.isAddress(url, of: ["http://", "https://", "udp://"]) {
            throw ControlError(
                .invalidParams,
                "\u{201C}\(url)\u{201D} is no tracker's announce URL, such as "
                    + "http://tracker.example:6969/announce")
        }
        return urls.map { [$0] }
    }

    /// Throws for what no file can be fetched from.
    private static func webSeeds(_ urls: [String]) throws(ControlError) -> [String] {
        for url in urls where !Self.isAddress(url, of: ["http://", "https://"]) {
            throw ControlError(
                .invalidParams, "\u{201C}\(url)\u{201D} is no web server's URL, such as https://www.example/files/")
        }
        guard urls.count <= MetainfoLimits.webSeeds else {
            throw ControlError(
                .invalidParams, "\(urls.count) web seeds are too many; a torrent has at most \(MetainfoLimits.webSeeds)"
            )
        }
        return urls
    }

    /// Whether a URL begins with one of these and goes on with a host.
    private static func isAddress(_ url: String, of schemes: [String]) -> Bool {
        guard let scheme = schemes.first(where: { url.lowercased().hasPrefix($0) }),
            let first = url.dropFirst(scheme.count).first
        else { return false }
        return first != "/" && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private func placement(_ folder: String?) throws(ControlError) -> TorrentDirectory.Options {
        TorrentDirectory.Options(
            folder: try PayloadFolder(folder ?? self.services.configuration.daemon.downloadDirectory))
    }

    /// Characters of a bad magnet link that an error shows.
    private static let shownLink = 100

    private func download(_ address: String) async throws -> [UInt8] {
        let bytes = try await self.services.catalogues.download(address)
        // What a web server sends is named by its address.
        do {
            _ = try Metainfo(parsing: bytes)
        } catch {
            throw ControlError(.malformedTorrent, "\(address): what it sends is no .torrent file: \(error)")
        }
        return bytes
    }

    /// A magnet link or a bare hash: its metadata come from peers, or from a catalogue of its trackers or the configured ones.
    private func add(magnet text: String, _ options: TorrentDirectory.Options) async throws -> TorrentReference {
        let link: MagnetLink
        do {
            link = try MagnetLink(parsing: text)
        } catch {
            throw ControlError(.malformedTorrent, "\(text.prefix(Self.shownLink)): \(error)")
        }
        return try await self.directory.add(link, options)
    }
}
