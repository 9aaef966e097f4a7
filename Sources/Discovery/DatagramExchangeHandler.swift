// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import SwarmModel
import TrackerWire

/// Carries out what a `DatagramExchange` wants, on one socket.
final class DatagramExchangeHandler<Answer: Hashable & Sendable>: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private var exchange: DatagramExchange<Answer>
    private let remote: SocketAddress
    private let result: EventLoopPromise<Result<Answer, TrackerError>>
    private let onConnection: @Sendable (UInt64, Instant) -> Void
    private var timer: Scheduled<Void>?

    init(
        _ exchange: DatagramExchange<Answer>, remote: SocketAddress,
        result: EventLoopPromise<Result<Answer, TrackerError>>,
        onConnection: @escaping @Sendable (UInt64, Instant) -> Void
    ) {
        self.onConnection = onConnection
        self.remote = remote
        self.exchange = exchange
        self.result = result
    }

    func channelActive(context: ChannelHandlerContext) {
        self.perform(self.exchange.start(at: Self.now), context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(self.unwrapInboundIn(data).data.readableBytesView)
        self.perform(self.exchange.receive(bytes.span, at: Self.now), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isRefused = (error as? IOError)?.errnoCode == ECONNREFUSED
        self.result.succeed(
            .failure(.unreachable(isRefused ? "nobody answers UDP there" : "\(error)")))
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.result.succeed(.failure(.cancelled))
    }

    private func perform(_ effect: DatagramExchange<Answer>.Effect, _ context: ChannelHandlerContext) {
        switch effect {
        case .none: return
        case .send(let bytes):
            let envelope = AddressedEnvelope(remoteAddress: self.remote, data: ByteBuffer(bytes: bytes))
            context.writeAndFlush(self.wrapOutboundOut(envelope), promise: nil)
            self.arm(context)
        case .finish(let answer):
            self.timer?.cancel()
            if let connection = self.exchange.connection { self.onConnection(connection.id, connection.since) }
            self.result.succeed(answer)
        }
    }

    private func arm(_ context: ChannelHandlerContext) {
        self.timer?.cancel()
        guard let deadline = self.exchange.deadline else { return }
        let wait = TimeAmount.nanoseconds(max((deadline - Self.now).nanoseconds, 0))
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: wait) {
            guard context.channel.isActive else { return }
            self.perform(self.exchange.pass(to: Self.now), context)
        }
    }

    static var now: Instant {
        Instant(nanoseconds: Int64(truncatingIfNeeded: NIODeadline.now().uptimeNanoseconds))
    }
}
