// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Metainfo
import StrategyHost
import SwarmConfig
import SwarmModel

/// What each method of the control protocol does. Thin: finds the torrent, calls the directory, shapes the answer.
struct ControlMethods: Sendable {
    let services: DaemonServices
    let directory: TorrentDirectory
    let keeper: ConfigurationKeeper
    let jobs: JobBoard
    let identity: DaemonIdentity
    let journal: EventJournal

    /// All methods, ready to be served.
    var router: ControlRouter {
        let directory = self.directory
        var router = ControlRouter { await directory.ready() }
        self.addTorrents(to: &router)
        self.addReports(to: &router)
        self.addFiles(to: &router)
        self.addDaemon(to: &router)
        self.addSettings(to: &router)
        self.addEvents(to: &router)
        return router
    }

    private func addTorrents(to router: inout ControlRouter) {
        router.on(TorrentAdd.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.add(params) }
        }
        router.on(TorrentShare.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.share(params) }
        }
        router.on(TorrentPause.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.pause(params.id) }
        }
        router.on(TorrentResume.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.resume(params.id) }
        }
        router.on(TorrentRemove.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.remove(params.id, deleteData: params.deleteData) }
        }
        router.on(TorrentVerify.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.verify(params) }
        }
        router.on(TorrentMove.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.move(params) }
        }
        router.on(TorrentAnnounce.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.announce(params.id) }
        }
        router.on(CatalogueGet.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.get(params) }
        }
        router.on(JobCancel.self) { params, _ throws(ControlError) in try await self.jobs.cancel(params.job) }
    }

    private func addReports(to router: inout ControlRouter) {
        router.on(TorrentList.self) { params, _ throws(ControlError) in try await self.directory.list(params) }
        router.on(TorrentShow.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.detail(params.id) }
        }
        router.on(TorrentFiles.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.files(params.id) }
        }
        router.on(TorrentPeers.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.peers(params.id) }
        }
        router.on(TorrentPieces.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.pieces(params.id) }
        }
        router.on(TorrentTrackers.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.trackers(params.id) }
        }
        router.on(TorrentMetainfo.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.metainfoFile(params.id) }
        }
        router.on(JobShow.self) { params, _ throws(ControlError) in try await self.jobs.status(params.job) }
        router.on(CatalogueSearch.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.services.catalogues.search(params) }
        }
    }

    private func addDaemon(to router: inout ControlRouter) {
        router.on(DaemonStatus.self, waits: false) { _, _ in await self.status() }
        router.on(DaemonVersion.self, waits: false) { _, _ in
            DaemonVersion.Result(version: DaemonIdentity.version, protocolVersion: ControlProtocol.version)
        }
        router.on(DaemonPlugins.self, waits: false) { _, _ in await self.plugins() }
        router.on(StrategyGet.self) { params, _ throws(ControlError) in try await self.strategies(params) }
        router.on(TorrentSet.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.set(params) }
        }
        router.on(TorrentLimit.self) { params, _ async throws(ControlError) in
            try await self.directory.limit(params)
        }
    }

    private func addFiles(to router: inout ControlRouter) {
        router.on(TorrentPriority.self) { params, _ async throws(ControlError) in
            try await Self.described { try await self.directory.prioritise(params) }
        }
        router.on(TorrentLabel.self) { params, _ async throws(ControlError) in
            try await self.directory.label(params)
        }
        router.on(TorrentQueue.self) { params, _ async throws(ControlError) in
            try await self.directory.requeue(params)
        }
    }

    /// Gives every error the shape that crosses the socket.
    private static func described<Value>(
        _ body: () async throws -> Value
    ) async throws(ControlError) -> Value {
        do {
            return try await body()
        } catch {
            throw ControlError(describing: error)
        }
    }
}
