// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TrackerWire

/// Stands in for `HTTPConnection` when there are too many: whatever is asked gets a 503 with a bencoded reason.
final class ConnectionRefusal: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Who says nothing is closed after this.
    private static let patience = TimeAmount.seconds(5)

    private var hasAnswered = false

    func channelActive(context: ChannelHandlerContext) {
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.hasAnswered else { return }
        self.hasAnswered = true
        let refusal = TrackerRefusal(reason: "the tracker has too many connections", retry: .minutes(1))
        var buffer = context.channel.allocator.buffer(capacity: 256)
        HTTPReply(.unavailable, .text, refusal.encoded)
            .write(to: &buffer, keepsAlive: false, isHTTP10: false, omitsBody: false)
        let channel = context.channel
        context.writeAndFlush(self.wrapOutboundOut(buffer)).whenComplete { _ in
            channel.close(mode: .output, promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
