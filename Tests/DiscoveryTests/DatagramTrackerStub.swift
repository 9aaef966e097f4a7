// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SwarmModel
import TrackerWire

/// A UDP tracker on a free loopback port that answers as it is told, and remembers what it was asked.
final class DatagramTrackerStub: Sendable {
    typealias Decision = @Sendable (DatagramHead, [UInt8]) -> [UInt8]?

    let port: Int
    private let received = LockedBox<[[UInt8]]>([])
    private let channel: any Channel

    /// All that came, in order.
    var all: [[UInt8]] { self.received.withLock { $0 } }

    /// `decide` answers what is no connect; nil is silence.
    init(host: String = "127.0.0.1", _ decide: @escaping Decision) async throws {
        let received = self.received
        self.channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(received, decide))
                }
            }
            .bind(host: host, port: 0).get()
        self.port = self.channel.localAddress?.port ?? 0
    }

    func close() async throws { try await self.channel.close() }

    /// The announces that came.
    var announces: [AnnounceRequest] {
        self.all.filter { DatagramHead(datagram: $0.span)?.action == 1 }
            .compactMap { AnnounceRequest(datagram: $0.span) }
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        private let received: LockedBox<[[UInt8]]>
        private let decide: Decision

        init(_ received: LockedBox<[[UInt8]]>, _ decide: @escaping Decision) {
            self.received = received
            self.decide = decide
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = self.unwrapInboundIn(data)
            let bytes = Array(envelope.data.readableBytesView)
            self.received.withLock { $0.append(bytes) }
            guard let head = DatagramHead(datagram: bytes.span) else { return }
            let answer =
                head.action == 0
                ? DatagramWriter.bytes { $0.connected(4711, transaction: head.transaction) } : self.decide(head, bytes)
            guard let answer else { return }
            let reply = AddressedEnvelope(remoteAddress: envelope.remoteAddress, data: ByteBuffer(bytes: answer))
            context.writeAndFlush(self.wrapOutboundOut(reply), promise: nil)
        }
    }
}
