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
    /// How long the end waits for operations that were asked for, after the torrents are off the network.
    private static let patience = Duration.seconds(1)

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
        let strategies = try Self.strategies(configuration, logger)
        let threads = configuration.daemon.threads > 0 ? configuration.daemon.threads : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var identity = DaemonIdentity()
        let store = PieceStore(settings: PieceStore.Settings(configuration.store))
        let network = PeerNetwork(
            configuration: PeerNetworkConfiguration(configuration, identity: identity), group: group, store: store,
            filter: filter, logger: logger)
        identity.listen = try await network.listen()
        let fetcher = HTTPFetcher(group: group, logger: logger)
        let services = DaemonServices(
            configuration: configuration, state: state, store: store, mounts: .system, network: network,
            strategies: strategies, announcer: Self.announcer(fetcher, identity, logger),
            catalogues: Catalogues(
                client: CatalogueClient(fetcher: fetcher), trackers: configuration.discovery.tracker, logger: logger),
            group: group, logger: logger)
        do {
            return try await Self.serve(services, identity, fetcher)
        } catch {
            await network.stopListening()
            await fetcher.shutdown()
            throw error
        }
    }

    /// Opens the control socket, the last step: whoever can connect gets answers.
    private static func serve(
        _ services: DaemonServices, _ identity: DaemonIdentity, _ fetcher: HTTPFetcher
    ) async throws -> Daemon {
        let settings = services.configuration.daemon
        let directory = TorrentDirectory(services: services)
        try await directory.read()
        let jobs = JobBoard()
        let methods = ControlMethods(services: services, directory: directory, jobs: jobs, identity: identity)
        let policy = AccessPolicy(groupName: settings.controlGroup, othersMayRead: settings.allowRead == .everyone)
        let control = try await ControlServer.bind(
            ControlServerConfiguration(socket: .path(settings.controlSocket), policy: policy),
            router: methods.router, group: services.group, logger: services.logger)
        return Daemon(directory: directory, services: services, jobs: jobs, control: control, fetcher: fetcher)
    }

    private static func strategies(_ configuration: DaemonConfiguration, _ logger: Logger) throws -> StrategyLibrary {
        // Under systemd plugins run with the service's rights: only root may decide which.
        let isService = getenv("INVOCATION_ID") != nil
        let host = StrategyHost(
            pluginFolders: configuration.daemon.pluginDirectory.map { [$0] } ?? [], requireRootOwned: isService,
            logger: logger)
        let library = StrategyLibrary(host: host, logger: logger)
        try library.require(picker: configuration.strategy.picker, choker: configuration.strategy.choker)
        return library
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
        let (jobs, fetcher, network) = (self.jobs, self.fetcher, self.services.network)
        let isOver = await Patience.wait(atMost: Self.patience) {
            await jobs.cancelAll()
            await fetcher.shutdown()
            await network.stopListening()
        }
        // What hangs in the disk is not waited for: everything that counts is recorded by now.
        self.services.store.shutdown(patience: isOver ? 1 : 0)
        self.services.logger.notice("swarmd has stopped")
    }

    private static func announcer(_ fetcher: HTTPFetcher, _ identity: DaemonIdentity, _ logger: Logger) -> Announcer {
        Announcer(
            client: TrackerClient(fetcher: fetcher, sources: AnnounceSource.sources(listening: identity.listen)),
            configuration: Announcer.Configuration(peerID: identity.peerID, key: UInt32.random(in: 0...UInt32.max)),
            seed: UInt64.random(in: 0...UInt64.max), logger: logger)
    }
}
