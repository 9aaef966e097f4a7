// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import NIOPosix
import PeerWire
import SwarmModel

/// Reads just enough of an inbound connection to know its torrent, then moves the socket to that torrent's loop.
///
/// NIO binds a channel to a loop for life, so the descriptor is duplicated, the accepting channel closed, and the
/// duplicate adopted by the torrent together with the bytes read so far.
final class HandshakeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let registry: TorrentRegistry
    private let endpoint: PeerEndpoint
    /// A peer that has not said which torrent it wants after this long is dropped.
    private let patience: TimeAmount
    private var received = ByteBuffer()
    private var isDone = false
    private var timeout: Scheduled<Void>?

    init(registry: TorrentRegistry, endpoint: PeerEndpoint, patience: TimeAmount) {
        self.registry = registry
        self.endpoint = endpoint
        self.patience = patience
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timeout = context.eventLoop.scheduleTask(in: self.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else { return }
        var buffer = Self.unwrapInboundIn(data)
        self.received.writeBuffer(&buffer)
        guard self.received.readableBytes >= Handshake.infoHashRange.upperBound else {
            if !Handshake.mayBegin(self.received.readableBytesView) { self.finish(context) }
            return
        }
        let view = self.received.readableBytesView
        let name = view.dropFirst(Handshake.infoHashRange.lowerBound).prefix(Handshake.infoHashRange.count)
        guard Handshake.mayBegin(view), let hash = InfoHash(bytes: name), let torrent = self.registry[hash]
        else { return self.finish(context) }
        self.move(context, to: torrent)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timeout?.cancel()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        self.isDone = true
        context.close(promise: nil)
    }

    private func move(_ context: ChannelHandlerContext, to torrent: TorrentHandle) {
        let copy = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        self.finish(context)
        guard let copy, copy >= 0 else { return }
        torrent.adopt(descriptor: copy, from: self.endpoint, firstBytes: self.received)
    }
}
