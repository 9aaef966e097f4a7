// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// Receives everything that comes to one UDP port and takes each datagram to its connection: at once where that lives on
/// this loop, and otherwise all of a wake-up with one hop a loop.
///
/// With the kernel's help many datagrams of one sender arrive as one buffer, with the length of each.
final class DatagramReceiver: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    /// Datagrams of one connection, as they lie in a buffer.
    private struct Run {
        let stream: DatagramStream
        let loop: any EventLoop
        var buffer: ByteBuffer
        let segment: Int
    }

    private let network: DatagramNetwork
    private let socket: DatagramSocket
    /// Connections of this loop that got datagrams in this wake-up.
    private var touched: [DatagramStream] = []
    /// What is for other loops.
    private var elsewhere: [Run] = []
    /// The connection that was asked for last in this wake-up.
    private var last: DatagramTable.Entry?
    /// Who sent the last datagram.
    private var sender: (address: SocketAddress, peer: PeerEndpoint)?

    init(network: DatagramNetwork, socket: DatagramSocket) {
        self.network = network
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = Self.unwrapInboundIn(data)
        guard let peer = self.peer(envelope.remoteAddress) else { return }
        let segment = max(1, envelope.metadata?.segmentSize ?? envelope.data.readableBytes)
        let now = MonotonicClock.now()
        var buffer = envelope.data
        // As long as datagrams are of one connection they stay together.
        while buffer.readableBytes > 0 {
            guard let entry = self.entry(for: buffer, segment, from: peer, envelope.remoteAddress, context, at: now)
            else {
                buffer.moveReaderIndex(forwardBy: min(segment, buffer.readableBytes))
                continue
            }
            var count = min(segment, buffer.readableBytes)
            while count < buffer.readableBytes, self.isRoute(of: buffer, at: count, segment, entry.stream.key.number) {
                count += min(segment, buffer.readableBytes - count)
            }
            guard let run = buffer.readSlice(length: count) else { return }
            self.hand(Run(stream: entry.stream, loop: entry.loop, buffer: run, segment: segment), context, at: now)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.last = nil
        let now = MonotonicClock.now()
        self.finish(at: now)
        guard !self.elsewhere.isEmpty else { return }
        var runs: [Run] = []
        swap(&runs, &self.elsewhere)
        while let loop = runs.first?.loop {
            let part = DatagramRuns(runs.filter { $0.loop === loop }.map { ($0.stream, $0.buffer, $0.segment) })
            runs.removeAll { $0.loop === loop }
            loop.execute { part.deliver(at: now) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Such as datagrams that somebody refused to take: no reason to stop listening.
    }

    /// Datagrams often come from where the one before came from.
    private func peer(_ address: SocketAddress) -> PeerEndpoint? {
        if let sender = self.sender, sender.address == address { return sender.peer }
        guard let peer = PeerEndpoint(address) else { return nil }
        self.sender = (address, peer)
        return peer
    }

    private func entry(
        for buffer: ByteBuffer, _ segment: Int, from peer: PeerEndpoint, _ address: SocketAddress,
        _ context: ChannelHandlerContext, at now: Instant
    ) -> DatagramTable.Entry? {
        let length = min(segment, buffer.readableBytes)
        if let hashTable = self.network.hashTable,
            let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            hashTable.claims(first)
        {
            if let bytes = buffer.getBytes(at: buffer.readerIndex, length: length) { hashTable.onDatagram(bytes, peer) }
            return nil
        }
        let route = buffer.withUnsafeReadableBytes {
            self.network.transport?.route(UnsafeRawBufferPointer(rebasing: $0[..<length]))
        }
        guard let route else { return nil }
        let key = DatagramKey(peer: peer, number: route.key)
        if let last = self.last, last.stream.key == key { return last }
        let entry =
            self.network.table[key]
            ?? (route.opens
                ? self.network.accept(key, address: address, socket: self.socket, loop: context.eventLoop, at: now)
                : nil)
        self.last = entry
        return entry
    }

    private func isRoute(of buffer: ByteBuffer, at offset: Int, _ segment: Int, _ number: UInt32) -> Bool {
        buffer.withUnsafeReadableBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[offset..<min(offset + segment, bytes.count)])
            return self.network.transport?.route(part)?.key == number
        }
    }

    private func hand(_ run: Run, _ context: ChannelHandlerContext, at now: Instant) {
        guard run.loop === context.eventLoop else { return self.elsewhere.append(run) }
        if !run.stream.isTouched {
            run.stream.isTouched = true
            self.touched.append(run.stream)
        }
        run.stream.receive(run.buffer, segment: run.segment, at: now)
    }

    private func finish(at now: Instant) {
        for stream in self.touched {
            stream.isTouched = false
            stream.finishRun(at: now)
        }
        self.touched.removeAll(keepingCapacity: true)
    }
}
