// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What moves the bytes of a `PeerLink` between two machines. Confined to the torrent's loop.
enum LinkCarrier {
    /// A TCP connection.
    case tcp(ChannelHandlerContext)

    /// Whether more bytes may be handed over; when that comes true again the loop is told.
    var isWritable: Bool {
        switch self {
        case .tcp(let context): context.channel.isWritable
        }
    }

    /// Hands bytes over, to go out with the next `flush`.
    func write(_ buffer: ByteBuffer) {
        switch self {
        case .tcp(let context): context.write(NIOAny(buffer), promise: nil)
        }
    }

    func flush() {
        switch self {
        case .tcp(let context): context.flush()
        }
    }

    /// Ends the connection.
    func close() {
        switch self {
        case .tcp(let context): context.close(promise: nil)
        }
    }
}
