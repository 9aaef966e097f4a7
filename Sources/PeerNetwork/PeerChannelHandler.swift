// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Moves bytes between a channel and its torrent, and decides nothing but to stop reading while a peer does not take
/// what it made us say.
final class PeerChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let torrent: TorrentLoop
    private let connection: PeerConnection

    init(torrent: TorrentLoop, connection: PeerConnection) {
        self.torrent = torrent
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.connection.link.attach(.tcp(context))
        if context.channel.isActive { self.torrent.carrierStands(self.connection) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.connection.link.detach()
    }

    func channelActive(context: ChannelHandlerContext) {
        self.torrent.carrierStands(self.connection)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.torrent.arrived(Self.unwrapInboundIn(data), on: self.connection)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.torrent.readCompleted(self.connection)
    }

    func read(context: ChannelHandlerContext) {
        self.connection.isReadHeld = !self.connection.mayRead
        if !self.connection.isReadHeld { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        guard context.channel.isWritable else { return }
        self.torrent.becameWritable(self.connection)
        if self.connection.isReadHeld { self.read(context: context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.torrent.disconnected(self.connection)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Resets and time-outs of a peer's connection are ordinary; the torrent learns of them as a disconnect.
        context.close(promise: nil)
    }
}
