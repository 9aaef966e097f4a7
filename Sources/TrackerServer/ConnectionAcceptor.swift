// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SwarmModel
import Synchronization

/// Fits new connections out, each for the event loop that it landed on.
final class ConnectionAcceptor: Sendable {
    /// Connections past the cap that are still told 503; beyond them they are closed at once.
    private static let refusals = 1000

    private let routers: [ObjectIdentifier: NIOLoopBoundBox<Router>]
    let counters: ServerCounters
    private let limits: LiveLimits

    init(
        _ configuration: TrackerServerConfiguration, limits: LiveLimits, group: MultiThreadedEventLoopGroup,
        shards: SwarmShards, catalogue: Catalogue?, cluster: ClusterService?
    ) {
        let counters = ServerCounters()
        let metrics = MetricsPage(shards: shards, counters: counters) { cluster?.status }
        var routers: [ObjectIdentifier: NIOLoopBoundBox<Router>] = [:]
        for loop in group.makeIterator() {
            let router = Router(
                announces: AnnounceService(
                    shards: shards, counters: counters, limits: limits, configuration: configuration),
                counters: counters, metrics: metrics, catalogue: catalogue, shards: shards,
                limits: limits, idle: IdleConnections(loop: loop))
            routers[ObjectIdentifier(loop)] = .makeBoxSendingValue(router, eventLoop: loop)
        }
        self.routers = routers
        self.counters = counters
        self.limits = limits
    }

    /// Called on the connection's own loop, before it becomes active.
    func take(_ channel: any Channel) -> EventLoopFuture<Void> {
        let counters = self.counters
        let current = self.limits.current
        let most = current.connections
        counters.connections.count()
        let open = counters.connectionsOpen.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { _ in counters.connectionsOpen.subtract(1, ordering: .relaxed) }
        let address = channel.remoteAddress.flatMap { PeerEndpoint($0) }?.address
        guard let address, let router = self.routers[ObjectIdentifier(channel.eventLoop)],
            open <= most + Self.refusals
        else {
            counters.connectionsRefused.count()
            return channel.close()
        }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            guard open <= most else {
                counters.connectionsRefused.count()
                try pipeline.addHandler(ConnectionRefusal())
                return
            }
            let trust = current.proxies.blocks(address) ? ProxyTrust(proxies: current.proxies) : nil
            let connection = HTTPConnection(
                router: router.value, address: address, trust: trust, idleTimeout: current.idleTimeout)
            try pipeline.addHandler(FastPath(connection))
            try pipeline.addHandler(connection)
        }
    }
}
