// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A server that hears the first words of each connection, and hangs up.
final class GreetingHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let greetings: LockedBox<[String]>

    init(_ greetings: LockedBox<[String]>) {
        self.greetings = greetings
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let words = String(decoding: Self.unwrapInboundIn(data).readableBytesView, as: UTF8.self)
        self.greetings.withLock { $0.append(words) }
        context.close(promise: nil)
    }
}
