// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Answers announces and scrapes that come whole, before the full parser sees them: a parser that keeps every header as
/// strings costs more than the announce. The first request that is anything else, and all after it, go the full way.
final class FastPath: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: HTTPConnection
    private var isOver = false

    init(_ connection: HTTPConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isOver else {
            context.fireChannelRead(data)
            return
        }
        var buffer = self.unwrapInboundIn(data)
        while buffer.readableBytes > 0, !self.isOver {
            guard let length = self.answer(buffer, context) else {
                self.isOver = true
                context.fireChannelRead(self.wrapInboundOut(buffer))
                return
            }
            buffer.moveReaderIndex(forwardBy: length)
        }
    }

    /// How many bytes were answered; nil where they are not for here.
    private func answer(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) -> Int? {
        buffer.withUnsafeReadableBytes { bytes in
            let span = bytes.bindMemory(to: UInt8.self).span
            guard let request = FastRequest(span), let reply = self.connection.fastReply(span, request) else {
                return nil
            }
            self.isOver = !self.connection.sendFast(reply, to: request, context)
            return request.length
        }
    }
}
