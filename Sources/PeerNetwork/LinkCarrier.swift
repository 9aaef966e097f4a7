// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What moves the bytes of a `PeerLink` between two machines. Confined to the torrent's loop.
enum LinkCarrier {
    /// A TCP connection.
    case tcp(ChannelHandlerContext)
    /// A connection over datagrams.
    case datagrams(DatagramStream)

    /// Whether more bytes may be handed over; when that comes true again the loop is told.
    var isWritable: Bool {
        switch self {
        case .tcp(let context): context.channel.isWritable
        case .datagrams(let stream): stream.isWritable
        }
    }

    /// What the kernel counts of the connection; nil where it does not.
    var clocks: StreamClocks? {
        switch self {
        case .tcp(let context):
            let clocks = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
                of: NIOBSDSocket.Handle.self
            ) { StreamClocks(of: $0) }
            return clocks ?? nil
        case .datagrams: return nil
        }
    }

    /// Hands bytes over, to go out with the next `flush`.
    func write(_ buffer: ByteBuffer) {
        switch self {
        case .tcp(let context): context.write(NIOAny(buffer), promise: nil)
        case .datagrams(let stream): stream.write(buffer)
        }
    }

    func flush() {
        switch self {
        case .tcp(let context): context.flush()
        case .datagrams(let stream): stream.flush()
        }
    }

    /// Ends the connection.
    func close() {
        switch self {
        case .tcp(let context): context.close(promise: nil)
        case .datagrams(let stream): stream.close()
        }
    }
}
