// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// How a peer's TCP connection is tuned.
enum PeerChannelOptions {
    /// Bytes of one read; sixteen of them a wake-up measured best.
    static let readSize = 65_536
    /// Reads of one wake-up.
    static let readsPerWakeUp: UInt = 16
    /// Below `low` bytes in the channel's queue more blocks are written, above `high` none.
    static let watermark = ChannelOptions.Types.WriteBufferWaterMark(low: 512 << 10, high: 1 << 20)

    static func apply(to channel: any Channel) -> EventLoopFuture<Void> {
        do {
            guard let options = channel.syncOptions else { return channel.eventLoop.makeSucceededVoidFuture() }
            try options.setOption(.tcpOption(.tcp_nodelay), value: 1)
            try options.setOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: self.readSize))
            try options.setOption(.maxMessagesPerRead, value: self.readsPerWakeUp)
            try options.setOption(.writeBufferWaterMark, value: self.watermark)
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }
}
