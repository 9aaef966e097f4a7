// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOPosix
import PeerTransport
import SwarmModel

/// Reads just enough of an inbound connection to know its torrent, then moves the socket to that torrent's loop.
///
/// The first bytes tell which transport the peer speaks. Its engine, if it has one, runs here until it knows the torrent,
/// or until the peers' own handshake, which comes out of it, names it. NIO binds a channel to a loop for life, so the
/// descriptor is duplicated, the accepting channel closed, and the duplicate adopted by the torrent together with the
/// engine, what it has not sent, and the plain bytes so far.
final class HandshakeGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let services: GateServices
    private let endpoint: PeerEndpoint
    private let handshake: InboundHandshake
    /// Writes that the kernel has not taken.
    private var sending = 0
    private var torrent: TorrentHandle?
    private var isDone = false
    private var timeout: Scheduled<Void>?

    init(services: GateServices, endpoint: PeerEndpoint) {
        self.services = services
        self.endpoint = endpoint
        self.handshake = InboundHandshake(services: services)
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timeout = context.eventLoop.scheduleTask(in: self.services.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else { return }
        var buffer = Self.unwrapInboundIn(data)
        switch self.handshake.receive(&buffer) {
        case .waiting: self.send(context)
        case .refused(let reason): self.refuse(context, reason)
        case .torrent(let torrent):
            self.torrent = torrent
            self.moveWhenSent(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timeout?.cancel()
        self.handshake.forgetEngine()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.finish(context)
    }

    private func send(_ context: ChannelHandlerContext) {
        let unsent = self.handshake.takeUnsent()
        guard unsent.readableBytes > 0 else { return }
        self.sending += 1
        context.channel.writeAndFlush(unsent).assumeIsolated().whenComplete { _ in
            self.sending -= 1
            self.moveWhenSent(context)
        }
    }

    /// The kernel must have what was written here before another channel writes on.
    private func moveWhenSent(_ context: ChannelHandlerContext) {
        guard let torrent = self.torrent, self.sending == 0, !self.isDone else { return }
        self.move(context, to: torrent)
    }

    private func finish(_ context: ChannelHandlerContext) {
        self.isDone = true
        self.handshake.forgetEngine()
        context.close(promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
        self.services.logger.debug(
            "inbound peer connection refused",
            metadata: [
                "peer.address": "\(self.endpoint)", "transport": "\(self.handshake.transport?.name ?? "none")",
                "reason": "\(reason)",
            ])
        self.finish(context)
    }

    private func move(_ context: ChannelHandlerContext, to torrent: TorrentHandle) {
        let copy = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        let engine = self.handshake.engine
        self.finish(context)
        guard let copy, copy >= 0 else { return }
        torrent.adopt(
            InboundPeer(
                carrier: .socket(copy), endpoint: self.endpoint, name: self.handshake.name ?? torrent.infoHash,
                offersV2: self.handshake.offersV2,
                way: DialWay(datagram: nil, stream: self.handshake.transport), engine: engine,
                unsent: self.handshake.takeUnsent(), plain: self.handshake.plain))
    }
}
