// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix
import SwarmModel
import TrackerWire

/// Announces to UDP trackers. Each announce has a socket of its own, connected to the tracker: answers come from nowhere
/// else, and the system tells at once when nobody listens there.
struct DatagramTrackerClient: Sendable {
    let group: any EventLoopGroup
    let connections = DatagramConnections()
    let book: AddressBook

    /// Announces once, from `source`. Never takes longer than `timeout`, name and all.
    func announce(
        _ request: AnnounceRequest, to url: TrackerURL, source: IPAddress?, timeout: Interval
    ) async -> Result<AnnounceResponse, TrackerError> {
        await self.ask(to: url, source: source, timeout: timeout) { isV6 in
            DatagramQuestion(request, urlData: url.urlData, isV6: isV6)
        }
    }

    /// Sends a report or asks about pieces, once, from `source`.
    func ask(
        pieces message: @escaping PieceMessage, to url: TrackerURL, source: IPAddress?, timeout: Interval
    ) async -> Result<PieceAnswer, TrackerError> {
        await self.ask(to: url, source: source, timeout: timeout, keepsConnection: true) { isV6 in
            DatagramQuestion(message, isV6: isV6)
        }
    }

    private func ask<Answer>(
        to url: TrackerURL, source: IPAddress?, timeout: Interval, keepsConnection: Bool = false,
        _ question: @escaping @Sendable (_ isV6: Bool) -> DatagramQuestion<Answer>
    ) async -> Result<Answer, TrackerError> {
        guard let target = url.hostAndPort else {
            return .failure(.unsupported("a UDP tracker's URL must name its port: \(url.scheme)://\(url.authority)"))
        }
        var system = SystemRandomNumberGenerator()
        let random = SplitMix64(seed: system.next())
        let loop = self.group.any()
        let result = loop.makePromise(of: Result<Answer, TrackerError>.self)
        let timer = loop.scheduleTask(in: .nanoseconds(max(timeout.nanoseconds, 0))) {
            result.succeed(.failure(.unreachable(HTTPFetchError.timedOut(timeout.inSeconds).description)))
        }
        let opened = self.book.addresses(of: target.host, on: loop).flatMapThrowing { addresses in
            try DatagramSocket.open(host: target.host, addresses: addresses, port: target.port, source: source)
        }
        opened.whenFailure { error in
            result.succeed(.failure(error as? TrackerError ?? .unreachable("\(error)")))
        }
        opened.whenSuccess { socket in
            let connections = keepsConnection ? self.connections : nil
            let exchange = DatagramExchange(
                question(socket.remote.address.isV6),
                connection: connections?.connection(to: socket.remote, from: source),
                random: random)
            let remote = socket.remote
            Self.run(exchange, over: socket, on: loop, result: result) { id, since in
                connections?.keep((id, since), to: remote, from: source)
            }
        }
        let answer = await withTaskCancellationHandler {
            (try? await result.futureResult.get()) ?? .failure(.cancelled)
        } onCancel: {
            result.succeed(.failure(.cancelled))
        }
        timer.cancel()
        return answer
    }

    private static func run<Answer>(
        _ exchange: DatagramExchange<Answer>, over socket: DatagramSocket, on loop: any EventLoop,
        result: EventLoopPromise<Result<Answer, TrackerError>>,
        onConnection: @escaping @Sendable (UInt64, Instant) -> Void
    ) {
        let remote: SocketAddress
        do {
            remote = try SocketAddress(ipAddress: socket.remote.address.description, port: Int(socket.remote.port))
        } catch {
            close(socket.descriptor)
            result.succeed(.failure(.unreachable("\(error)")))
            return
        }
        let channel = DatagramBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        DatagramExchangeHandler(
                            exchange, remote: remote, result: result, onConnection: onConnection))
                }
            }
            .withBoundSocket(socket.descriptor)
        channel.whenFailure { error in
            close(socket.descriptor)
            result.succeed(.failure(.unreachable("\(error)")))
        }
        channel.whenSuccess { channel in
            result.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
