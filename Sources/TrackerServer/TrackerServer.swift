// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOCore
import NIOPosix
import SwarmEvents
package import SwarmModel
import TrackerCore

/// A running tracker. One acceptor for each address hands its connections to the event loops in turn; a connection
/// stays on its loop. The swarm table is shared by all loops (`SwarmShards`), the catalogue has a thread of its own.
package final class TrackerServer: Sendable {
    /// Peers looked at for expiry in each shard, each second: a full round of two million takes about half a minute.
    private static let expiryBudget = 4096

    /// Where it listens, with the real ports, in the order of the configuration.
    package let endpoints: [PeerEndpoint]

    let group: MultiThreadedEventLoopGroup
    private let listeners: [any Channel]
    let datagrams: DatagramFront
    let catalogue: Catalogue?
    let cluster: ClusterService?
    let shards: SwarmShards
    let counters: ServerCounters
    let limits: LiveLimits
    let banList: BanList
    private let folder: StateFolder?
    private let logger: Logger

    /// Opens the state, takes the addresses and begins to serve.
    package static func start(
        _ configuration: TrackerServerConfiguration, logger: Logger
    ) async throws(TrackerServerError) -> TrackerServer {
        guard !configuration.listen.isEmpty else { throw TrackerServerError("no address to listen on") }
        var folder: StateFolder?
        if let path = configuration.stateDirectory { folder = try StateFolder(path) }
        var system = SystemRandomNumberGenerator()
        var random = SplitMix64(seed: system.next())
        let shards = SwarmShards(policy: configuration.policy, random: &random)
        let banList = try BanList(folder: folder?.path)
        let limits = LiveLimits(
            configuration, rules: try configuration.lists.rules(), banned: banList.filter)
        var catalogue: Catalogue?
        if configuration.catalogue.entries > 0 {
            catalogue = try Catalogue(
                folder: folder?.path, limits: limits, shards: shards, logger: logger)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(configuration.threads, 1))
        let cluster = configuration.cluster.map {
            ClusterService($0, shards: shards, catalogue: catalogue, limits: limits, logger: logger)
        }
        let acceptor = ConnectionAcceptor(
            configuration, limits: limits, group: group, shards: shards, catalogue: catalogue, cluster: cluster)
        do {
            let issuer = ConnectionIDIssuer(lifetime: configuration.connectionIDLifetime, random: &system)
            let makeWorker = { (endpoint: PeerEndpoint) throws(DatagramSocketError) in
                try DatagramWorker(
                    endpoint, sharesPort: configuration.threads > 1, shards: shards, issuer: issuer, limits: limits,
                    counters: acceptor.counters)
            }
            let ports = try await Self.listen(configuration, acceptor, group: group, logger: logger, makeWorker)
            Self.scheduleExpiry(shards, on: group)
            return TrackerServer(
                group: group, ports: ports, catalogue: catalogue, cluster: cluster, shards: shards,
                counters: acceptor.counters, limits: limits, banList: banList, folder: folder, logger: logger)
        } catch {
            await cluster?.stop()
            await catalogue?.stop()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup, ports: [ListeningPort], catalogue: Catalogue?, cluster: ClusterService?,
        shards: SwarmShards, counters: ServerCounters, limits: LiveLimits, banList: BanList, folder: StateFolder?,
        logger: Logger
    ) {
        self.group = group
        self.listeners = ports.map(\.channel)
        self.datagrams = DatagramFront(ports.flatMap(\.workers))
        self.catalogue = catalogue
        self.cluster = cluster
        self.shards = shards
        self.counters = counters
        self.limits = limits
        self.banList = banList
        self.folder = folder
        self.logger = logger
        self.endpoints = ports.map(\.endpoint)
    }

    /// Goes on by other numbers: policy, connections, idle time, what the catalogue takes and gives. Addresses, threads,
    /// the state folder, and whether there is a catalogue, stay what they were.
    package func change(to configuration: TrackerServerConfiguration) {
        self.shards.change(policy: configuration.policy)
        self.limits.change(to: configuration)
    }

    /// Reads the lists again and goes on by them. Where one cannot be read, nothing changes.
    package func reloadLists(_ configuration: TrackerServerConfiguration) throws(TrackerServerError) {
        self.limits.change(rules: try configuration.lists.rules())
    }

    /// Stops listening, closes all connections and lets go of the state. Peers are forgotten; they announce again.
    package func stop() async {
        for listener in self.listeners { try? await listener.close() }
        await self.datagrams.stop()
        await self.cluster?.stop()
        await self.catalogue?.stop()
        do {
            try await self.group.shutdownGracefully()
        } catch {
            self.logger.event(
                .stopUnclean, "stopping was not in order: \(error)", ["error.message": "\(error)"])
        }
        self.folder?.release()
    }

    /// How it stands with the cluster; nil without one.
    package var clusterStatus: ClusterStatus? { self.cluster?.status }

    private static func scheduleExpiry(_ shards: SwarmShards, on group: MultiThreadedEventLoopGroup) {
        _ = group.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            shards.expire(at: .now, budget: Self.expiryBudget)
        }
    }
}
