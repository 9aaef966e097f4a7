// SPDX-License-Identifier: Apache-2.0

import Glibc
package import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmEvents
package import SwarmModel
import TrackerCore

/// A running tracker. One acceptor for each address hands its connections to the event loops in turn; a connection
/// stays on its loop. The swarm table is shared by all loops (`SwarmShards`), the catalogue has a thread of its own.
package final class TrackerServer: Sendable {
    /// Pending connections the kernel keeps.
    private static let backlog: Int32 = 4096
    /// Peers looked at for expiry in each shard, each second: a full round of two million takes about half a minute.
    private static let expiryBudget = 4096

    /// Where it listens, with the real ports, in the order of the configuration.
    package let endpoints: [PeerEndpoint]

    let group: MultiThreadedEventLoopGroup
    private let listeners: [any Channel]
    let catalogue: Catalogue?
    let shards: SwarmShards
    let counters: ServerCounters
    private let limits: LiveLimits
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
        let limits = LiveLimits(configuration)
        var catalogue: Catalogue?
        if configuration.catalogue.entries > 0 {
            catalogue = try Catalogue(
                folder: folder?.path, limits: limits, shards: shards, logger: logger)
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: max(configuration.threads, 1))
        let acceptor = ConnectionAcceptor(
            configuration, limits: limits, group: group, shards: shards, catalogue: catalogue)
        do {
            let listeners = try await Self.listen(configuration.listen, acceptor, group: group, logger: logger)
            Self.scheduleExpiry(shards, on: group)
            return TrackerServer(
                group: group, listeners: listeners, catalogue: catalogue, shards: shards, counters: acceptor.counters,
                limits: limits, folder: folder, logger: logger)
        } catch {
            await catalogue?.stop()
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private init(
        group: MultiThreadedEventLoopGroup, listeners: [any Channel], catalogue: Catalogue?, shards: SwarmShards,
        counters: ServerCounters, limits: LiveLimits, folder: StateFolder?, logger: Logger
    ) {
        self.group = group
        self.listeners = listeners
        self.catalogue = catalogue
        self.shards = shards
        self.counters = counters
        self.limits = limits
        self.folder = folder
        self.logger = logger
        self.endpoints = listeners.compactMap { $0.localAddress.flatMap(PeerEndpoint.init) }
    }

    /// Goes on by other numbers: policy, connections, idle time, what the catalogue takes and gives. Addresses, threads,
    /// the state folder, and whether there is a catalogue, stay what they were.
    package func change(to configuration: TrackerServerConfiguration) {
        self.shards.change(policy: configuration.policy)
        self.limits.change(to: configuration)
    }

    /// Stops listening, closes all connections and lets go of the state. Peers are forgotten; they announce again.
    package func stop() async {
        for listener in self.listeners { try? await listener.close() }
        await self.catalogue?.stop()
        do {
            try await self.group.shutdownGracefully()
        } catch {
            self.logger.event(
                .stopUnclean, "stopping was not in order: \(error)", ["error.message": "\(error)"])
        }
        self.folder?.release()
    }

    private static func scheduleExpiry(_ shards: SwarmShards, on group: MultiThreadedEventLoopGroup) {
        _ = group.next().scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            let now = Instant(nanoseconds: Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds))
            shards.expire(at: now, budget: Self.expiryBudget)
        }
    }

    private static func listen(
        _ endpoints: [PeerEndpoint], _ acceptor: ConnectionAcceptor, group: MultiThreadedEventLoopGroup, logger: Logger
    ) async throws(TrackerServerError) -> [any Channel] {
        var channels: [any Channel] = []
        for endpoint in endpoints {
            do {
                channels.append(try await self.bind(endpoint, acceptor, group: group))
            } catch {
                let code = (error as? IOError)?.errnoCode ?? 0
                // A machine without IPv6 still serves those who come over IPv4.
                let lacksV6 = endpoint.address.isV6 && endpoint.address.isUnspecified && endpoints.count > 1
                guard lacksV6, code == EAFNOSUPPORT || code == EADDRNOTAVAIL else {
                    throw TrackerServerError("cannot listen on \(endpoint): \(Self.reason(error))")
                }
                logger.event(
                    .ipv6Missing, "this machine has no IPv6, so \(endpoint) is not listened on",
                    ["listen": "\(endpoint)"])
            }
        }
        return channels
    }

    private static func bind(
        _ endpoint: PeerEndpoint, _ acceptor: ConnectionAcceptor, group: MultiThreadedEventLoopGroup
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 256)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { acceptor.take($0) }
        let v6Only = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
        let fitted = endpoint.address.isV6 ? bootstrap.serverChannelOption(v6Only, value: 1) : bootstrap
        return try await fitted.bind(host: endpoint.address.description, port: Int(endpoint.port)).get()
    }

    private static func reason(_ error: any Error) -> String {
        guard let failure = error as? IOError, let text = strerror(failure.errnoCode) else { return "\(error)" }
        return String(cString: text)
    }
}
