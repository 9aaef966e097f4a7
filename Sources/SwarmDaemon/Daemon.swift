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
import SwarmEvents
import SwarmModel
import Swarming
package import Systemd
import UnixSignals

/// The peer daemon, put together: state, store, strategies, network, trackers, control socket.
package struct Daemon: Sendable {
    /// How long the end waits for operations that were asked for, after the torrents are off the network.
    private static let patience = Duration.seconds(1)

    private let directory: TorrentDirectory
    private let services: DaemonServices
    private let jobs: JobBoard
    private let control: ControlServer
    private let reload: ReloadService
    private let fetcher: HTTPFetcher
    private let supervision: Supervision
    private let archive: EventArchive
    private let hooks: HookService
    private let watcher: FolderWatcher

    /// Takes what the daemon needs of the machine: the state folder's lock, the ports, the control socket. Throws when
    /// one of them cannot be had; then nothing is left behind. Torrents are brought up by `run`. `path` is the main
    /// configuration file, read again on SIGHUP; `volume` decides how much `outlet` writes.
    package static func start(
        _ loaded: LoadedConfiguration<DaemonConfiguration>, path: String, supervision: Supervision = .none,
        volume: LogVolume, logger outlet: Logger
    ) async throws -> Daemon {
        // First of all: until somebody listens for it, a hang-up ends the process.
        let hangUps = await UnixSignalsSequence(trapping: .sighup)
        let passed = try supervision.sockets.listener(named: "control")
        let configuration = loaded.value
        try DownloadFolderMaker.make(configuration.daemon.downloadDirectory)
        if let path = configuration.daemon.incompleteDirectory {
            try DownloadFolderMaker.make(path, "[daemon] incomplete_dir")
        }
        let state = try StateStore(directory: configuration.daemon.stateDirectory)
        let journal = try await EventJournal.open(state)
        let logger = EventTap.tapping(outlet, journal)
        if let recovery = state.recovery {
            logger.event(
                .stateRepaired, "\(recovery)",
                ["store.path": "\(configuration.daemon.stateDirectory)"])
        }
        if let problem = HookProblem.find(in: configuration.hook) {
            throw ConfigurationError(problems: [loaded.problem(with: HookProblem.key, problem)])
        }
        let filter = try BlockListFile.read(configuration.peer.blockList, logger: logger)
        let strategies = try Self.strategies(loaded, supervision, logger)
        let transports = try strategies.transports(configuration)
        let threads = configuration.daemon.threads > 0 ? configuration.daemon.threads : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var identity = DaemonIdentity()
        let store = PieceStore(settings: PieceStore.Settings(configuration.store))
        let hashTable = try await HashTable.make(configuration.discovery, state: state, logger: logger)
        var connections = PeerNetworkConfiguration(configuration, identity: identity, transports: transports)
        connections.hashTable = hashTable?.link
        let fetcher = HTTPFetcher(group: group, logger: logger)
        let webSeeds =
            configuration.discovery.webSeeds ? RangeFetcher(group: group, sharing: fetcher, logger: logger) : nil
        connections.webSeeds = webSeeds
        let network = PeerNetwork(
            configuration: connections, group: group, store: store, filter: filter, logger: logger)
        identity.listen = try await network.listen()
        await hashTable?.start(on: network, listening: identity.listen, transports)
        let localDiscovery =
            configuration.discovery.local ? LocalDiscovery(cookie: "\(identity.peerID)", logger: logger) : nil
        await localDiscovery?.start(listening: identity.listen, group: group)
        let portMapper = PortMapper.make(
            configuration.discovery, listening: identity.listen, transports, logger: logger)
        await portMapper?.start()
        let running = RunningConfiguration(configuration)
        let sources = AnnounceSource.sources(listening: identity.listen)
        let trackers = TrackerClient(
            fetcher: fetcher, sources: sources, clusters: try await state.trackerClusters()
        ) { clusters in
            // What is lost with a full disk is asked for again in the next run.
            try? await state.setTrackerClusters(clusters)
        }
        var names = Announcer.Configuration(peerID: identity.peerID, key: UInt32.random(in: 0...UInt32.max))
        // Each announce goes out from every source at the same time.
        names.concurrencyPerTracker = max(1, names.concurrencyPerTracker / sources.count)
        let services = DaemonServices(
            running: running, state: state, store: store, mounts: .system, network: network,
            strategies: strategies,
            announcer: Announcer(
                client: trackers, configuration: names, seed: UInt64.random(in: 0...UInt64.max), logger: logger),
            pieceMaps: PieceMapClient(
                client: trackers, configuration: names, seed: UInt64.random(in: 0...UInt64.max), logger: logger),
            hashTable: hashTable,
            localDiscovery: localDiscovery, portMapper: portMapper, webSeeds: webSeeds,
            catalogues: Catalogues(
                client: CatalogueClient(fetcher: fetcher), running: running, logger: logger),
            group: group, logger: logger)
        let surroundings = ConfigurationKeeper.Surroundings(
            path: path, read: { () throws(ConfigurationError) in try DaemonConfiguration.load(path: path) },
            volume: volume, access: AccessRules(AccessPolicy(configuration.daemon)), logger: logger)
        let reload = ReloadService(
            keeper: ConfigurationKeeper(loaded, surroundings, services: services), hangUps: hangUps,
            notifier: supervision.notifier)
        do {
            return try await Self.serve(services, identity, fetcher, supervision, passed, reload, journal)
        } catch {
            await hashTable?.stop()
            await localDiscovery?.stop()
            await portMapper?.stop()
            await network.stopListening()
            await webSeeds?.shutdown()
            await fetcher.shutdown()
            throw error
        }
    }

    /// Opens the control socket, the last step: whoever can connect gets answers.
    private static func serve(
        _ services: DaemonServices, _ identity: DaemonIdentity, _ fetcher: HTTPFetcher, _ supervision: Supervision,
        _ passed: ListeningSocket?, _ reload: ReloadService, _ journal: EventJournal
    ) async throws -> Daemon {
        let settings = services.configuration.daemon
        let directory = TorrentDirectory(services: services)
        try await directory.read()
        let watcher = FolderWatcher(directory, services)
        await reload.keeper.follow { [weak directory] in
            await directory?.applyStrategies()
            await directory?.balance()
            watcher.wake()
        }
        let jobs = JobBoard()
        let methods = ControlMethods(
            services: services, directory: directory, keeper: reload.keeper, jobs: jobs, identity: identity,
            journal: journal)
        let control = try await ControlServer.bind(
            ControlServerConfiguration(
                socket: passed.map { .descriptor($0.descriptor) } ?? .path(settings.controlSocket),
                access: reload.keeper.surroundings.access),
            router: methods.router, group: services.group, logger: services.logger)
        services.logger.event(
            .daemonStarted,
            "swarmd \(DaemonIdentity.version) runs; commands come to \(passed?.path ?? settings.controlSocket)",
            ["version": "\(DaemonIdentity.version)", "control": "\(passed?.path ?? settings.controlSocket)"])
        return Daemon(
            directory: directory, services: services, jobs: jobs, control: control, reload: reload, fetcher: fetcher,
            supervision: supervision,
            archive: EventArchive(journal: journal, state: services.state, logger: services.logger),
            hooks: HookService(journal: journal, running: services.running, logger: services.logger),
            watcher: watcher)
    }

    /// Loads the strategies. One that cannot be used is told of and left out; throws for options that do not fit theirs.
    private static func strategies(
        _ loaded: LoadedConfiguration<DaemonConfiguration>, _ supervision: Supervision, _ logger: Logger
    ) throws -> StrategyLibrary {
        let settings = loaded.value.strategy
        // Under systemd plugins run with the service's rights: only root may decide which.
        let host = StrategyHost(
            pluginFolders: loaded.value.daemon.pluginDirectory.map { [$0] } ?? [],
            requireRootOwned: supervision.isUnit,
            quarantine: PluginQuarantine(path: loaded.value.daemon.stateDirectory + "/held-plugins"), logger: logger)
        let library = StrategyLibrary(host: host, logger: logger)
        let plugins = library.survey(needed: StrategyChoice(settings)).strategies
        let problems = StrategyOptionProblem.all(in: settings.options, plugins)
        let faults = problems.filter { !$0.isDoubtful }.map { $0.located(in: loaded) }
        guard faults.isEmpty else { throw ConfigurationError(problems: faults) }
        for doubt in problems.map({ $0.located(in: loaded) }) {
            logger.event(.strategyMissing, at: .warning, "\(doubt)", ["error.message": "\(doubt)"])
        }
        return library
    }

    /// Serves until SIGTERM or SIGINT, then stops in order: no new commands, trackers told, progress recorded.
    package func run() async throws {
        // The group's own words about services and signals say nothing to an operator.
        var quiet = self.services.logger
        quiet.logLevel = .warning
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: self.serviceList(), gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        // A loop that a plugin holds up cannot tell of it.
        let watcher = CallWatcher(self.services.strategies.host)
        _ = watcher.start()
        defer { watcher.stop() }
        try await group.run()
        await self.shutDown()
    }

    /// What runs, in the order of the start; it is stopped from the last to the first.
    private func serviceList() -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let notifier = self.supervision.notifier
        let watchdog = WatchdogService(
            supervision: self.supervision, services: self.services, directory: self.directory)
        let status = notifier.isEnabled ? StatusService(notifier: notifier, directory: self.directory) : nil
        let always: [any Service] = [
            DirectoryService(directory: self.directory),
            EventArchiveService(archive: self.archive),
            WatchService(watcher: self.watcher),
            self.hooks,
            self.reload,
            ScheduleService(keeper: self.reload.keeper),
            DiscoveryService(services: self.services),
            ControlService(server: self.control) { notifier.ready() },
            StoppingService(notifier: notifier, logger: self.services.logger),
        ]
        // The status goes first, so that what is said of the stop stays.
        let all: [(any Service)?] = [watchdog] + always + [status]
        return all.compactMap { $0 }.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, successTerminationBehavior: .gracefullyShutdownGroup)
        }
    }

    private func shutDown() async {
        let (jobs, fetcher, network) = (self.jobs, self.fetcher, self.services.network)
        let webSeeds = self.services.webSeeds
        let isOver = await Patience.wait(atMost: Self.patience) {
            await jobs.cancelAll()
            await webSeeds?.shutdown()
            await fetcher.shutdown()
            await network.stopListening()
        }
        // What hangs in the disk is not waited for: everything that counts is recorded by now.
        self.services.store.shutdown(patience: isOver ? 1 : 0)
        self.services.logger.event(.daemonStopped, "swarmd has stopped")
        let archive = self.archive
        _ = await Patience.wait(atMost: Self.patience) { await archive.flush() }
    }
}
