// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOConcurrencyHelpers
package import NIOCore
package import PieceStore
package import SwarmModel

/// All torrents' traffic with peers: listens, and spreads torrents over the loops of a group.
package final class PeerNetwork: Sendable {
    private let configuration: PeerNetworkConfiguration
    private let group: any EventLoopGroup
    private let store: PieceStore
    private let registry: TorrentRegistry
    private let limits: LivePeerLimits
    private let budget: ConnectionBudget
    private let halfOpen: HalfOpenConnections
    private let logger: Logger
    private let listeners = NIOLockedValueBox<[any Channel]>([])
    /// Addresses that misbehaved.
    package let bans: BanList

    /// Makes the network; it neither listens nor dials yet.
    package init(
        configuration: PeerNetworkConfiguration, group: any EventLoopGroup, store: PieceStore, filter: AddressFilter,
        logger: Logger
    ) {
        self.configuration = configuration
        self.group = group
        self.store = store
        self.registry = TorrentRegistry(transports: configuration.transports)
        self.bans = BanList(filter: filter)
        self.limits = LivePeerLimits(PeerLimits(configuration))
        self.budget = ConnectionBudget(limits: self.limits)
        self.halfOpen = HalfOpenConnections(limit: configuration.maximumHalfOpen)
        self.logger = logger
    }

    /// Starts to listen everywhere configured and returns the addresses with their real ports. Throws
    /// `ListenError`, naming the address, when one cannot be had; then none is listened on.
    package func listen() async throws(ListenError) -> [PeerEndpoint] {
        let gate = GateServices(
            registry: self.registry, limits: self.limits, transports: self.configuration.transports,
            budget: HandshakeBudget(at: MonotonicClock.now()),
            patience: .nanoseconds(self.configuration.handshakePatience.nanoseconds), logger: self.logger)
        let acceptor = PeerAcceptor(group: self.group, services: gate, bans: self.bans, halfOpen: self.halfOpen)
        var bound: [PeerEndpoint] = []
        for endpoint in self.configuration.listen {
            do {
                let channel = try await acceptor.listen(at: endpoint)
                self.listeners.withLockedValue { $0.append(channel) }
                bound.append(channel.localAddress.flatMap { PeerEndpoint($0) } ?? endpoint)
            } catch {
                await self.stopListening()
                throw ListenError(endpoint: endpoint, cause: error)
            }
        }
        return bound
    }

    /// Stops to listen; connections stay, those aside that have not said which torrent they want.
    package func stopListening() async {
        let channels = self.listeners.withLockedValue { channels in
            defer { channels = [] }
            return channels
        }
        for channel in channels { try? await channel.close().get() }
        self.halfOpen.closeAll()
    }

    /// Changes the limits of everything that runs: each holds from the next time it is looked at.
    package func change(limits: PeerLimits) {
        self.limits.current = limits
    }

    /// Connections in use over all torrents, those being dialled included.
    package var connectionCount: Int { self.budget.inUse }
    /// Inbound connections that have not said which torrent they want.
    package var halfOpenCount: Int { self.halfOpen.count }

    /// Lets a torrent take part.
    package func start(_ parameters: TorrentParameters) async throws -> TorrentHandle {
        let port = self.listeners.withLockedValue { $0.lazy.compactMap { $0.localAddress?.port }.first }
        let services = TorrentServices(
            configuration: self.configuration, store: self.store, registry: self.registry, bans: self.bans,
            ways: DialWay.all(self.configuration.transports), limits: self.limits, budget: self.budget,
            listenPort: port.flatMap { UInt16(exactly: $0) },
            logger: self.logger)
        let loop = self.group.next()
        let handle = try await loop.submit {
            TorrentHandle(TorrentLoop(parameters, loop: loop, services: services, at: MonotonicClock.now()))
        }.get()
        try await handle.start()
        self.registry.insert(handle)
        return handle
    }

    /// Takes a torrent out; returns when its connections are closed and what was stored is durable: these pieces may be
    /// recorded as had.
    package func stop(_ handle: TorrentHandle) async throws -> Bitfield {
        self.registry.remove(handle)
        return try await handle.stop()
    }
}
