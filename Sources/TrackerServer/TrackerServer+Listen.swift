// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmEvents
import SwarmModel

extension TrackerServer {
    /// Pending connections the kernel keeps.
    private static let backlog: Int32 = 4096
    /// How often another port is tried where any will do and UDP has not got the one that TCP has.
    private static let portAttempts = 20

    /// Opens a UDP socket at an address.
    typealias WorkerMaker = (PeerEndpoint) throws(DatagramSocketError) -> DatagramWorker

    /// Takes all addresses, TCP and UDP on the same ports.
    static func listen(
        _ configuration: TrackerServerConfiguration, _ acceptor: ConnectionAcceptor, group: MultiThreadedEventLoopGroup,
        logger: Logger, _ makeWorker: WorkerMaker
    ) async throws(TrackerServerError) -> [ListeningPort] {
        let endpoints = configuration.listen
        let workers = configuration.servesDatagrams ? max(configuration.threads, 1) : 0
        var ports: [ListeningPort] = []
        for endpoint in endpoints {
            do {
                ports.append(
                    try await self.bind(endpoint, acceptor, group: group, workers: workers, makeWorker))
            } catch {
                // A machine without IPv6 still serves those who come over IPv4.
                let lacksV6 = endpoint.address.isV6 && endpoint.address.isUnspecified && endpoints.count > 1
                guard lacksV6, error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL else {
                    throw TrackerServerError("cannot listen on \(endpoint): \(error.reason)")
                }
                logger.event(
                    .ipv6Missing, "this machine has no IPv6, so \(endpoint) is not listened on",
                    ["listen": "\(endpoint)"])
            }
        }
        return ports
    }

    /// Why an address cannot be had.
    private struct ListenFailure: Error {
        var code: Int32 = 0
        var reason: String
    }

    private static func bind(
        _ endpoint: PeerEndpoint, _ acceptor: ConnectionAcceptor, group: MultiThreadedEventLoopGroup, workers: Int,
        _ makeWorker: WorkerMaker
    ) async throws(ListenFailure) -> ListeningPort {
        var attempts = endpoint.port == 0 ? Self.portAttempts : 1
        while true {
            let channel = try await self.bind(endpoint, acceptor, group: group)
            let real = channel.localAddress.flatMap(PeerEndpoint.init) ?? endpoint
            do throws(DatagramSocketError) {
                var made: [DatagramWorker] = []
                for _ in 0..<workers { made.append(try makeWorker(real)) }
                return ListeningPort(endpoint: real, channel: channel, workers: made)
            } catch {
                try? await channel.close()
                attempts -= 1
                guard attempts > 0, error.code == EADDRINUSE else {
                    throw ListenFailure(code: error.code, reason: "UDP: \(error)")
                }
            }
        }
    }

    private static func bind(
        _ endpoint: PeerEndpoint, _ acceptor: ConnectionAcceptor, group: MultiThreadedEventLoopGroup
    ) async throws(ListenFailure) -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 256)
            // On Linux connections inherit both: two system calls less for each.
            .serverChannelOption(.socketOption(.so_keepalive), value: 1)
            .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { acceptor.take($0) }
        let v6Only = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
        let fitted = endpoint.address.isV6 ? bootstrap.serverChannelOption(v6Only, value: 1) : bootstrap
        do {
            return try await fitted.bind(host: endpoint.address.description, port: Int(endpoint.port)).get()
        } catch {
            guard let failure = error as? IOError, let text = strerror(failure.errnoCode) else {
                throw ListenFailure(reason: "\(error)")
            }
            throw ListenFailure(code: failure.errnoCode, reason: String(cString: text))
        }
    }
}
