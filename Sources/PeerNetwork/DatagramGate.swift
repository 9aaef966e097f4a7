// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerTransport
import SwarmModel

/// Reads just enough of an inbound connection over datagrams to know its torrent, then moves it to that torrent's loop. What
/// `HandshakeGate` is for TCP.
final class DatagramGate {
    /// Bytes that a peer may send before its torrent is known.
    static let window = 16 << 10

    private let services: GateServices
    private let handshake: InboundHandshake
    private let halfOpen: HalfOpenConnections
    private let ticket: UInt64
    private let timeout: Scheduled<Void>

    /// `ticket` is the connection's among those that have not said which torrent they want; `timeout` gives it up.
    init(services: GateServices, halfOpen: HalfOpenConnections, ticket: UInt64, timeout: Scheduled<Void>) {
        self.services = services
        self.handshake = InboundHandshake(services: services)
        self.halfOpen = halfOpen
        self.ticket = ticket
        self.timeout = timeout
    }

    /// Plain bytes came from the peer.
    func received(_ bytes: inout ByteBuffer, from stream: DatagramStream, at now: Instant) {
        switch self.handshake.receive(&bytes) {
        case .waiting:
            let unsent = self.handshake.takeUnsent()
            if unsent.readableBytes > 0 { stream.write(unsent) }
        case .refused(let reason):
            self.services.logger.debug(
                "inbound peer connection refused",
                metadata: [
                    "peer.address": "\(stream.key.peer)", "transport": "\(stream.transport.name)",
                    "reason": "\(reason)",
                ])
            stream.drop()
        case .torrent(let torrent):
            self.ended()
            stream.move(to: torrent.loop, at: now)
            torrent.adopt(
                InboundPeer(
                    carrier: .datagrams(stream), endpoint: stream.key.peer,
                    name: self.handshake.name ?? torrent.infoHash, offersV2: self.handshake.offersV2,
                    way: DialWay(datagram: stream.transport, stream: self.handshake.transport),
                    engine: self.handshake.engine, unsent: self.handshake.takeUnsent(), plain: self.handshake.plain))
        }
    }

    /// It is not half-open any more.
    func ended() {
        self.halfOpen.remove(self.ticket)
        // What it holds would stay for as long.
        self.timeout.cancel()
    }
}
