// SPDX-License-Identifier: Apache-2.0

package import Logging
import NIOConcurrencyHelpers
package import NIOCore
import PeerTransport
package import PieceStore
package import SwarmModel

/// All torrents' traffic with peers: listens, and spreads torrents over the loops of a group.
package final class PeerNetwork: Sendable {
    /// Free ports of TCP that are tried because UDP's may be in use.
    private static let portAttempts = 8

    private let configuration: PeerNetworkConfiguration
    private let group: any EventLoopGroup
    private let store: PieceStore
    private let registry: TorrentRegistry
    private let limits: LivePeerLimits
    private let budget: ConnectionBudget
    private let downloadAllowance = SharedAllowance()
    private let uploadAllowance = SharedAllowance()
    private let compression: CompressionServices
    private let halfOpen: HalfOpenConnections
    private let gate: GateServices
    private let datagrams: DatagramNetwork?
    private let logger: Logger
    private let listeners = NIOLockedValueBox<[any Channel]>([])
    private let listenPort = NIOLockedValueBox<UInt16?>(nil)
    /// What torrents that start now share.
    private let services = NIOLockedValueBox<TorrentServices?>(nil)
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
        self.compression = CompressionServices(cacheSize: configuration.compressionCache)
        self.halfOpen = HalfOpenConnections(limit: configuration.maximumHalfOpen)
        self.gate = GateServices(
            registry: self.registry, limits: self.limits, transports: configuration.transports,
            budget: HandshakeBudget(at: MonotonicClock.now()),
            patience: .nanoseconds(configuration.handshakePatience.nanoseconds), logger: logger)
        let gate = self.gate
        let bans = self.bans
        let halfOpen = self.halfOpen
        let transport = configuration.transports.first { $0.carrier == .datagram }
        self.datagrams =
            transport == nil && configuration.hashTable == nil
            ? nil
            : DatagramNetwork(
                transport: transport, hashTable: configuration.hashTable, services: gate, bans: bans,
                halfOpen: halfOpen)
        self.logger = logger
        self.apply(configuration.caps)
    }

    /// Starts to listen everywhere configured and returns the addresses with their real ports. Throws
    /// `ListenError`, naming the address, when one cannot be had; then none is listened on.
    package func listen() async throws(ListenError) -> [PeerEndpoint] {
        var bound: [PeerEndpoint] = []
        for endpoint in self.configuration.listen {
            do {
                bound.append(try await self.listen(at: endpoint))
            } catch {
                await self.stopListening()
                throw ListenError(endpoint: endpoint, cause: error)
            }
        }
        return bound
    }

    /// Listens for the carriers that the transports need, on one port; port 0 is one that is free for all of them.
    private func listen(at endpoint: PeerEndpoint) async throws -> PeerEndpoint {
        for attempt in 1... {
            var bound = endpoint
            var channels: [any Channel] = []
            do {
                if self.usesStreams {
                    let acceptor = PeerAcceptor(
                        group: self.group, services: self.gate, bans: self.bans, halfOpen: self.halfOpen)
                    channels.append(try await acceptor.listen(at: bound))
                    bound = channels.last?.localAddress.flatMap { PeerEndpoint($0) } ?? bound
                }
                if let datagrams = self.datagrams {
                    let channel = try await datagrams.listen(at: bound, group: self.group)
                    bound = channel.localAddress.flatMap { PeerEndpoint($0) } ?? bound
                    self.listenPort.withLockedValue { $0 = $0 ?? bound.port }
                }
                let listening = channels
                self.listeners.withLockedValue { $0 += listening }
                self.listenPort.withLockedValue { $0 = $0 ?? bound.port }
                return bound
            } catch {
                for channel in channels { try? await channel.close().get() }
                guard endpoint.port == 0, attempt < Self.portAttempts else { throw error }
            }
        }
        return endpoint
    }

    /// Whether connections come over TCP: by the plain one where no transport is named.
    private var usesStreams: Bool {
        self.configuration.transports.isEmpty || self.configuration.transports.contains { $0.carrier == .stream }
    }

    /// Stops to listen; connections stay, those aside that have not said which torrent they want.
    package func stopListening() async {
        let channels = self.listeners.withLockedValue { channels in
            defer { channels = [] }
            return channels
        }
        for channel in channels { try? await channel.close().get() }
        self.halfOpen.closeAll()
        self.datagrams?.stopListening()
    }

    /// Changes the limits of everything that runs: each holds from the next time it is looked at.
    package func change(limits: PeerLimits) {
        let before = self.limits.current.caps
        self.limits.current = limits
        guard limits.caps != before else { return }
        self.apply(limits.caps)
        for handle in self.registry.all { handle.sharedCapsChanged() }
    }

    private func apply(_ caps: TransferCaps) {
        let now = MonotonicClock.now()
        self.downloadAllowance.change(bytesPerSecond: caps.download, at: now)
        self.uploadAllowance.change(bytesPerSecond: caps.upload, at: now)
    }

    /// Sends a datagram of the hash table from the port of its family that is listened on.
    package func send(datagram: [UInt8], to endpoint: PeerEndpoint) {
        self.datagrams?.send(datagram, to: endpoint)
    }

    /// Connections in use over all torrents, those being dialled included.
    package var connectionCount: Int { self.budget.inUse }
    /// Inbound connections that have not said which torrent they want.
    package var halfOpenCount: Int { self.halfOpen.count }

    /// Lets a torrent take part.
    package func start(_ parameters: TorrentParameters) async throws -> TorrentHandle {
        let services = self.currentServices()
        let loop = self.group.next()
        let handle = try await loop.submit {
            TorrentHandle(TorrentLoop(parameters, loop: loop, services: services, at: MonotonicClock.now()))
        }.get()
        try await handle.start()
        self.registry.insert(handle)
        // A cap that came meanwhile found it nowhere.
        handle.sharedCapsChanged()
        return handle
    }

    private func currentServices() -> TorrentServices {
        let port = self.listenPort.withLockedValue { $0 }
        return self.services.withLockedValue { current in
            if let current, current.listenPort == port { return current }
            let made = TorrentServices(
                configuration: self.configuration, store: self.store, registry: self.registry, bans: self.bans,
                datagrams: self.datagrams, limits: self.limits, budget: self.budget,
                allowances: (self.downloadAllowance, self.uploadAllowance), compression: self.compression,
                listenPort: port, logger: self.logger)
            current = made
            return made
        }
    }

    /// Takes a torrent out; returns when its connections are closed and what was stored is durable: these pieces may be
    /// recorded as had.
    package func stop(_ handle: TorrentHandle) async throws -> Bitfield {
        self.registry.remove(handle)
        return try await handle.stop()
    }
}
