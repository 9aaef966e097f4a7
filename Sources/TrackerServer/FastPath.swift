// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// Answers announces and scrapes that come whole, before the full parser sees them: a parser that keeps every header as
/// strings costs more than the announce. The first request that is anything else, and all after it, go the full way, which is made only
/// then: most connections never need it.
final class FastPath: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where a connection is.
    private enum Phase {
        case fast
        /// The parser reads.
        case parsed
        /// The last answer has been written.
        case ended
    }

    /// Bytes of one header line, of all of them, and how many there may be.
    private static let headerBytes = 12 << 10
    static let headersBytes = 24 << 10
    static let headers = 64

    private let connection: HTTPConnection
    private var phase = Phase.fast

    init(_ connection: HTTPConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.phase {
        case .parsed: context.fireChannelRead(data)
        case .ended: break
        case .fast: self.read(self.unwrapInboundIn(data), context)
        }
    }

    private func read(_ input: ByteBuffer, _ context: ChannelHandlerContext) {
        var buffer = input
        while buffer.readableBytes > 0, self.phase == .fast {
            guard let length = self.answer(buffer, context) else {
                self.parse(buffer, context)
                return
            }
            buffer.moveReaderIndex(forwardBy: length)
        }
    }

    private func parse(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.headerBytes
        limits.maxHeaderListSize = Self.headersBytes
        limits.maxHeaderFieldCount = Self.headers
        let decoder = HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        do {
            try context.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder), position: .after(self))
        } catch {
            self.phase = .ended
            context.close(promise: nil)
            return
        }
        self.phase = .parsed
        context.fireChannelRead(self.wrapInboundOut(buffer))
    }

    /// How many bytes were answered; nil where they are not for here.
    private func answer(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) -> Int? {
        buffer.withUnsafeReadableBytes { bytes in
            let span = bytes.bindMemory(to: UInt8.self).span
            guard let request = FastRequest(span), let reply = self.connection.fastReply(span, request) else {
                return nil
            }
            let isLast = bytes.count == request.length
            if !self.connection.sendFast(reply, to: request, isLast: isLast, context) { self.phase = .ended }
            return request.length
        }
    }
}
