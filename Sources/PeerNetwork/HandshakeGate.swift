// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import NIOCore
import NIOPosix
import PeerTransport
import PeerWire
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
    /// First bytes, while it is open which transport they are of.
    private var received = ByteBuffer()
    private var transport: Transport?
    private var isRecognized = false
    private var engine: TransportInstance?
    /// What came through the engine, or past it.
    private var plain = ByteBuffer()
    /// What the engine has to say and nobody has sent.
    private var unsent = ByteBuffer()
    /// Writes that the kernel has not taken.
    private var sending = 0
    private var torrent: TorrentHandle?
    private var isDone = false
    private var timeout: Scheduled<Void>?

    init(services: GateServices, endpoint: PeerEndpoint) {
        self.services = services
        self.endpoint = endpoint
    }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timeout = context.eventLoop.scheduleTask(in: self.services.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isDone else { return }
        var buffer = Self.unwrapInboundIn(data)
        if self.isRecognized {
            self.feed(&buffer)
        } else {
            self.received.writeBuffer(&buffer)
            self.recognize(context)
        }
        self.advance(context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timeout?.cancel()
        self.engine = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.finish(context)
    }

    // MARK: - Which transport

    private func recognize(_ context: ChannelHandlerContext) {
        guard !self.services.transports.isEmpty else { return self.begin(with: nil) }
        let choices = self.received.withUnsafeReadableBytes { bytes in
            self.services.transports.filter { $0.carrier == .stream && $0.mayBegin(with: bytes) }
        }
        guard let first = choices.first else { return self.finish(context) }
        // A few bytes can be the beginning of several.
        guard choices.count == 1 || self.received.readableBytes >= Handshake.preamble.count else { return }
        let registry = self.services.registry
        let name = first.name
        var link = LinkSettings(
            role: .responder, encryption: self.services.limits.current.encryption,
            seed: UInt64.random(in: 0...UInt64.max))
        link.findTorrent = { registry.find($0, by: name) }
        let now = MonotonicClock.now()
        guard let engine = first.connect(link, at: now) else {
            return self.refuse(context, "not allowed by encryption")
        }
        self.transport = first
        if engine.state == .bypassed { return self.begin(with: nil) }
        guard self.services.budget.take(at: now) else { return self.refuse(context, "too many handshakes") }
        self.begin(with: engine)
    }

    private func begin(with engine: TransportInstance?) {
        self.isRecognized = true
        self.engine = engine
        self.feed(&self.received)
        self.received.clear()
    }

    // MARK: - Which torrent

    private func feed(_ buffer: inout ByteBuffer) {
        guard let engine = self.engine else {
            self.plain.writeBuffer(&buffer)
            return
        }
        buffer.withUnsafeMutableReadableBytes { engine.received($0, at: MonotonicClock.now()) }
        for chunk in engine.transmitted.chunks { Self.copy(chunk, of: engine.transmitted, buffer, to: &self.unsent) }
        for chunk in engine.delivered.chunks { Self.copy(chunk, of: engine.delivered, buffer, to: &self.plain) }
        engine.clear()
        if engine.state == .bypassed { self.engine = nil }
    }

    private static func copy(
        _ chunk: LinkChunks.Chunk, of chunks: LinkChunks, _ memory: ByteBuffer, to target: inout ByteBuffer
    ) {
        if chunk.isInPlace {
            let start = memory.readerIndex + chunk.offset
            target.writeBytes(memory.viewBytes(at: start, length: chunk.count) ?? ByteBuffer().readableBytesView)
        } else {
            target.writeBytes(chunks.copies[chunk.offset..<chunk.offset + chunk.count])
        }
    }

    private func advance(_ context: ChannelHandlerContext) {
        guard !self.isDone, self.isRecognized else { return }
        if let engine = self.engine, engine.state.isOver {
            return self.refuse(context, engine.failure ?? "ended by the peer")
        }
        if self.torrent == nil {
            guard self.findTorrent() else { return self.finish(context) }
        }
        if self.torrent != nil {
            // The kernel must have what was written here before another channel writes on.
            if self.sending == 0 { self.move(context) }
        } else {
            self.send(context)
        }
    }

    /// Looks for the torrent in what came so far; false when there is none.
    private func findTorrent() -> Bool {
        if let engine = self.engine {
            guard engine.state == .open else { return true }
            if let hash = engine.infoHash {
                self.torrent = self.services.registry[hash]
                return self.torrent != nil
            }
        }
        let view = self.plain.readableBytesView
        guard Handshake.mayBegin(view) else { return false }
        guard view.count >= Handshake.infoHashRange.upperBound else { return true }
        let name = view.dropFirst(Handshake.infoHashRange.lowerBound).prefix(Handshake.infoHashRange.count)
        self.torrent = InfoHash(bytes: name).flatMap { self.services.registry[$0] }
        return self.torrent != nil
    }

    private func send(_ context: ChannelHandlerContext) {
        guard self.unsent.readableBytes > 0 else { return }
        let buffer = self.unsent
        self.unsent = ByteBuffer()
        self.sending += 1
        context.channel.writeAndFlush(buffer).assumeIsolated().whenComplete { _ in
            self.sending -= 1
            if self.torrent != nil { self.advance(context) }
        }
    }

    // MARK: - The end

    private func finish(_ context: ChannelHandlerContext) {
        self.isDone = true
        self.engine = nil
        context.close(promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
        self.services.logger.debug(
            "inbound peer connection refused",
            metadata: [
                "peer.address": "\(self.endpoint)", "transport": "\(self.transport?.name ?? "none")",
                "reason": "\(reason)",
            ])
        self.finish(context)
    }

    private func move(_ context: ChannelHandlerContext) {
        let copy = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { fcntl($0, F_DUPFD_CLOEXEC, 0) }
        let engine = self.engine
        self.finish(context)
        guard let copy, copy >= 0 else { return }
        guard let torrent = self.torrent else {
            Glibc.close(copy)
            return
        }
        torrent.adopt(
            InboundPeer(
                descriptor: copy, endpoint: self.endpoint, way: DialWay(datagram: nil, stream: self.transport),
                engine: engine, unsent: self.unsent, plain: self.plain))
    }
}
