// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOPosix
import SwarmModel

/// Listens for peers and hands each connection to a `HandshakeGate`.
final class PeerAcceptor: Sendable {
    /// Connections the kernel holds for us until they are accepted.
    static let backlog: Int32 = 1_024

    private let group: any EventLoopGroup
    private let services: GateServices
    private let bans: BanList
    private let halfOpen: HalfOpenConnections

    init(group: any EventLoopGroup, services: GateServices, bans: BanList, halfOpen: HalfOpenConnections) {
        self.group = group
        self.services = services
        self.bans = bans
        self.halfOpen = halfOpen
    }

    /// Listens at `endpoint`; port 0 takes any free port. Throws what the system says, such as address in use.
    func listen(at endpoint: PeerEndpoint) async throws -> any Channel {
        let services = self.services
        let bans = self.bans
        let halfOpen = self.halfOpen
        var bootstrap = ServerBootstrap(group: self.group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4_096))
            .childChannelInitializer { channel in
                guard let address = channel.remoteAddress, let peer = PeerEndpoint(address),
                    !bans.refuses(peer.address, at: MonotonicClock.now())
                else { return channel.close() }
                halfOpen.insert(channel)
                return channel.eventLoop.makeCompletedFuture {
                    let gate = HandshakeGate(services: services, endpoint: peer)
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
        if endpoint.address.isV6 {
            // Without it the v6 wildcard would take the v4 port too, and the v4 listener would find it in use.
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .init(rawValue: IPV6_V6ONLY)), value: 1)
        }
        return try await bootstrap.bind(to: endpoint.socketAddress()).get()
    }
}
