// SPDX-License-Identifier: Apache-2.0

import ControlServer
import ControlWire
import Discovery
import FoundationEssentials
import Glibc
import Logging
import NIOPosix
import PeerNetwork
import PieceStore
import StateStore
import StrategyHost
import SwarmConfig
import SwarmModel
import Systemd
import Testing

@testable import SwarmDaemon

/// A daemon without a socket, in a folder of its own: everything behind the control methods, and no listening port.
struct DaemonFixture: Sendable {
    let folder: String
    let methods: ControlMethods
    private let fetcher: HTTPFetcher

    var directory: TorrentDirectory { self.methods.directory }

    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Whether the build left the strategies beside the test bundle.
    static var hasPlugins: Bool {
        let found = Set(StrategyHost(logger: Self.quiet).installed().strategies.map(\.name))
        return found.isSuperset(of: ["rarest-first", "tit-for-tat"])
    }

    /// Runs a body with a daemon that is gone afterwards, with its folder.
    static func run(trackers: [String] = [], _ body: (DaemonFixture) async throws -> Void) async throws {
        try await Self.withFolder { try await Self.wake(in: $0, trackers: trackers, body) }
    }

    /// Makes the folders that a daemon needs, and takes them away afterwards.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        var template = Array("/tmp/swarm-daemon-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["down", "data"] { mkdir(folder + "/" + name, 0o755) }
        try await body(folder)
    }

    /// Runs another daemon on the state that an earlier one left in `folder`.
    static func wake(
        in folder: String, trackers: [String] = [], mounts: MountTable = .system,
        _ body: (DaemonFixture) async throws -> Void
    ) async throws {
        try await Self.open(in: folder, trackers: trackers, mounts: mounts) { fixture in
            await fixture.directory.wake()
            try await body(fixture)
        }
    }

    /// As `wake`, before any torrent is brought up.
    static func open(
        in folder: String, trackers: [String] = [], mounts: MountTable = .system,
        _ body: (DaemonFixture) async throws -> Void
    ) async throws {
        // What may throw comes first: a fetcher that was made must be shut down.
        let state = try await Self.state(in: folder)
        let fixture = DaemonFixture(folder: folder, state: state, trackers: trackers, mounts: mounts)
        try await fixture.directory.read()
        do {
            try await body(fixture)
        } catch {
            await fixture.end()
            throw error
        }
        await fixture.end()
    }

    /// Opens the state in a folder. What was ended a moment ago gives it back when the last task that holds it is over.
    static func state(in folder: String) async throws -> StateStore {
        while true {
            do throws(StateError) {
                return try StateStore(directory: folder + "/state")
            } catch {
                guard case .inUse(_, let owner) = error, owner == getpid() else { throw error }
            }
            await Task.yield()
        }
    }

    private init(folder: String, state: StateStore, trackers: [String], mounts: MountTable) {
        self.folder = folder
        var configuration = DaemonConfiguration()
        configuration.daemon.stateDirectory = folder + "/state"
        configuration.daemon.downloadDirectory = folder + "/down"
        configuration.peer.listen = [PeerEndpoint(address: IPAddress(v4: 0x7f00_0001), port: 0)]
        configuration.discovery.tracker = trackers
        let group = MultiThreadedEventLoopGroup.singleton
        let identity = DaemonIdentity()
        let store = PieceStore()
        self.fetcher = HTTPFetcher(group: group, logger: Self.quiet)
        let client = TrackerClient(fetcher: self.fetcher, sources: [])
        let names = Announcer.Configuration(peerID: identity.peerID, key: 1)
        let announcer = Announcer(client: client, configuration: names, seed: 1, logger: Self.quiet)
        let running = RunningConfiguration(configuration)
        let services = DaemonServices(
            running: running, state: state, store: store,
            mounts: mounts,
            network: PeerNetwork(
                configuration: PeerNetworkConfiguration(configuration, identity: identity), group: group, store: store,
                filter: AddressFilter(), logger: Self.quiet),
            strategies: StrategyLibrary(host: StrategyHost(logger: Self.quiet), logger: Self.quiet),
            announcer: announcer,
            pieceMaps: PieceMapClient(client: client, configuration: names, seed: 1, logger: Self.quiet),
            hashTable: nil,
            localDiscovery: nil,
            portMapper: nil,
            webSeeds: nil,
            catalogues: Catalogues(
                client: CatalogueClient(fetcher: self.fetcher), running: running, logger: Self.quiet),
            group: group, logger: Self.quiet)
        let path = folder + "/swarmd.toml"
        let loaded = LoadedConfiguration(value: configuration)
        let surroundings = ConfigurationKeeper.Surroundings(
            path: path, read: { () throws(ConfigurationError) in try DaemonConfiguration.load(path: path) },
            volume: LogVolume(.info), access: AccessRules(AccessPolicy(configuration.daemon)), logger: Self.quiet)
        self.methods = ControlMethods(
            services: services, directory: TorrentDirectory(services: services),
            keeper: ConfigurationKeeper(loaded, surroundings, services: services), jobs: JobBoard(),
            identity: identity, journal: EventJournal(history: 7, run: 1, earlier: [], capacity: 512))
    }

    private func end() async {
        await self.methods.jobs.cancelAll()
        await self.directory.sleep()
        await self.fetcher.shutdown()
        self.methods.services.store.shutdown()
    }

    // MARK: - What tests do

    /// Makes a folder of two files below `data` and gives its path.
    func payload(_ name: String, bytes: Int = 100_000) throws -> String {
        let path = self.folder + "/data/" + name
        mkdir(path, 0o755)
        try Self.write((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }, to: path + "/big")
        try Self.write(Array("hello".utf8), to: path + "/small")
        return path
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    static func read(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The .torrent file of something on disk.
    func torrent(of path: String) async throws -> TorrentSource {
        let created = try await TorrentCreator.create(
            path: path, options: TorrentCreator.Options(), store: self.methods.services.store)
        return .metainfo(Base64Bytes(created.metainfo))
    }

    /// Shares a path and gives the torrent, or throws what the job ended with.
    func share(_ path: String, kind: TorrentKind = .v1) async throws -> TorrentSummary {
        let job = try await self.end(of: try await self.methods.share(TorrentShare.Params(path: path, kind: kind)))
        if let error = job.error { throw error }
        return try await self.summary(try #require(job.infoHash))
    }

    /// Lets peers in, and tells where.
    func listen() async throws -> PeerEndpoint { try await self.methods.services.network.listen()[0] }

    func stopListening() async { await self.methods.services.network.stopListening() }

    /// How a job ended.
    func end(of job: JobReference) async throws -> JobStatus {
        await self.methods.jobs.tasks[job.job]?.value
        return try await self.methods.jobs.status(job.job)
    }

    /// Adds a torrent and gives what became of it.
    func add(_ source: TorrentSource, dir: String? = nil, paused: Bool = false) async throws -> TorrentSummary {
        let added = try await self.methods.add(TorrentAdd.Params(source: source, dir: dir, paused: paused))
        return try await self.summary(added.infoHash)
    }

    /// One line of the list, when what was asked for is done.
    func summary(_ infoHash: InfoHash) async throws -> TorrentSummary {
        await self.directory.settle(infoHash)
        let list = try await self.directory.list(TorrentList.Params(ids: [TorrentSelector("\(infoHash)")]))
        return try #require(list.torrents.first)
    }

    func detail(_ torrent: TorrentSummary) async throws -> TorrentDetail {
        try await self.directory.detail(TorrentSelector("\(torrent.infoHash)"))
    }
}

extension TorrentDirectory {
    /// Tells a torrent of a peer.
    func introduce(_ peer: PeerEndpoint, to infoHash: InfoHash) {
        self.entries[infoHash]?.handle?.add(candidates: [peer])
    }

    /// Waits for the last operation that was asked for.
    func settle(_ infoHash: InfoHash) async { await self.entries[infoHash]?.lastOperation?.value }
}
