// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import SwarmModel

/// One connection of a torrent: the session machine, the channel under it and what the loop keeps about both.
/// Confined to the torrent's loop.
final class PeerConnection {
    /// The address at the other end of the connection.
    let endpoint: PeerEndpoint
    /// Whether the peer dialled us.
    let isInbound: Bool
    /// When it was made.
    let since: Instant
    /// The protocol machine.
    var session: PeerSession
    /// The peer's number in `Swarm`, from the end of the handshake to the end of the connection.
    var slot: Int?
    /// Where writes go while the channel is active.
    var context: ChannelHandlerContext?
    /// Set once the end has begun; nothing more is read or written.
    var isClosed = false
    /// Something was written since the last flush.
    var needsFlush = false
    /// It waits for a read from disk before it can be served on.
    var awaitsBlocks = false
    /// Bytes that arrived with the handshake before the connection was ours.
    var firstBytes: ByteBuffer?

    init(
        endpoint: PeerEndpoint, isInbound: Bool, session: PeerSession, at now: Instant, firstBytes: ByteBuffer? = nil
    ) {
        self.endpoint = endpoint
        self.isInbound = isInbound
        self.since = now
        self.session = session
        self.firstBytes = firstBytes
    }

    /// Where the peer can be dialled: the address we dialled, or its address with the port it told us (BEP 10).
    var dialAddress: PeerEndpoint? {
        guard self.isInbound else { return self.endpoint }
        return self.session.remoteListenPort.map { PeerEndpoint(address: self.endpoint.address, port: $0) }
    }
}
