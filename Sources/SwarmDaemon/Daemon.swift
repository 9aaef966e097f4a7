// SPDX-License-Identifier: Apache-2.0

import ControlServer
import Discovery
import Glibc
package import Logging
import NIOCore
import NIOPosix
import PeerNetwork
import PieceStore
import ServiceLifecycle
import StateStore
import StrategyHost
package import SwarmConfig
import SwarmModel
import Swarming
import UnixSignals

/// The peer daemon, put together: state, store, strategies, network, trackers, control socket.
package struct Daemon: Sendable {
    private let directory: TorrentDirectory
    private let services: DaemonServices
    private let jobs: JobBoard
    private let control: ControlServer
    private let fetcher: HTTPFetcher

    /// Takes what the daemon needs of the machine: the state folder's lock, the ports, the control socket. Throws when
    /// one of them cannot be had; then nothing is left behind. Torrents are brought up by `run`.
    package static func start(_ configuration: DaemonConfiguration, logger: Logger) async throws -> Daemon {
        try DownloadFolderMaker.make(configuration.daemon.downloadDirectory)
        let state = try StateStore(directory: configuration.daemon.stateDirectory)
        if let recovery = state.recovery {
            logger.error("state was damaged and has been repaired", metadata: ["store.path": "\(recovery)"])
        }
        let filter = try BlockListFile.read(configuration.peer.blockList, logger: logger)
        let threads = configuration.daemon.threads > 0 ? configuration.daemon.threads : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var storeSettings = PieceStore.Settings()
        storeSettings.bufferBudget = configuration.store.bufferMemory.bytes
        storeSettings.blockCacheBudget = configuration.store.readCache.bytes
        let store = PieceStore(settings: storeSettings)
        var identity = DaemonIdentity()
        let network = PeerNetwork(
            configuration: PeerNetworkConfiguration(configuration, identity: identity), group: group, store: store,
            filter: filter, logger: logger)
        identity.listen = try await network.listen()
        let fetcher = HTTPFetcher(group: group, logger: logger)
        let strategies = StrategyLibrary(
            host: StrategyHost(
                pluginFolders: configuration.daemon.pluginDirectory.map { [$0] } ?? [],
                requireRootOwned: getenv("INVOCATION_ID") != nil, logger: logger), logger: logger)
        try strategies.require(picker: configuration.strategy.picker, choker: configuration.strategy.choker)
        let services = DaemonServices(
            configuration: configuration, state: state, store: store, network: network, strategies: strategies,
            announcer: Self.announcer(fetcher, identity, logger),
            catalogues: Catalogues(
                client: CatalogueClient(fetcher: fetcher), trackers: configuration.discovery.tracker, logger: logger),
            group: group, logger: logger)
        let directory = TorrentDirectory(services: services)
        let jobs = JobBoard()
        let methods = ControlMethods(services: services, directory: directory, jobs: jobs, identity: identity)
        let control = try await ControlServer.bind(
            ControlServerConfiguration(
                socket: .path(configuration.daemon.controlSocket),
                policy: AccessPolicy(
                    groupName: configuration.daemon.controlGroup,
                    othersMayRead: configuration.daemon.allowRead == .everyone)),
            router: methods.router, group: group, logger: logger)
        return Daemon(directory: directory, services: services, jobs: jobs, control: control, fetcher: fetcher)
    }

    /// Serves until SIGTERM or SIGINT, then stops in order: no new commands, trackers told, progress recorded.
    package func run() async throws {
        self.services.logger.notice(
            "swarmd runs",
            metadata: [
                "version": "\(DaemonIdentity.version)",
                "control": "\(self.services.configuration.daemon.controlSocket)",
            ])
        let directory = self.directory
        let services = [
            ServiceGroupConfiguration.ServiceConfiguration(
                service: DirectoryService(directory: directory), successTerminationBehavior: .gracefullyShutdownGroup),
            ServiceGroupConfiguration.ServiceConfiguration(service: ControlService(server: self.control)),
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: self.services.logger))
        try await group.run()
        await self.shutDown()
    }

    private func shutDown() async {
        await self.jobs.cancelAll()
        await self.fetcher.shutdown()
        await self.services.network.stopListening()
        self.services.store.shutdown()
        self.services.logger.notice("swarmd has stopped")
    }

    private static func announcer(_ fetcher: HTTPFetcher, _ identity: DaemonIdentity, _ logger: Logger) -> Announcer {
        Announcer(
            client: TrackerClient(fetcher: fetcher, sources: AnnounceSource.sources(listening: identity.listen)),
            configuration: Announcer.Configuration(peerID: identity.peerID, key: UInt32.random(in: 0...UInt32.max)),
            seed: UInt64.random(in: 0...UInt64.max), logger: logger)
    }
}
