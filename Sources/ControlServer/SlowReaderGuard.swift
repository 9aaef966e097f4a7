// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Cuts off a client that leaves its answers unread: when the channel is full and not one byte goes out for the whole
/// limit. One that reads slowly but reads is left alone.
final class SlowReaderGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = nil
        if !context.channel.isWritable { self.watch(context, waiting: Self.waiting(context)) }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = nil
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.timer = nil
    }

    private func watch(_ context: ChannelHandlerContext, waiting before: Int) {
        let scheduled = context.eventLoop.assumeIsolated().scheduleTask(in: self.limit) {
            let now = Self.waiting(context)
            if now < before {
                self.watch(context, waiting: now)
            } else {
                context.close(promise: nil)
            }
        }
        self.timer = scheduled
    }

    private static func waiting(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
