// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerSession
import SwarmModel
import Swarming

/// One connection of a torrent: the session machine, the link under it and what the loop keeps about both.
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
    /// What carries its bytes.
    let link: PeerLink
    /// Set once the end has begun; nothing more is read or written.
    var isClosed = false
    /// It waits for a read from disk before it can be served on.
    var awaitsBlocks = false
    /// What its link carries while it is waited for.
    var gauge = LinkGauge()
    /// What is waited for, as the kernel sees it.
    var stream = StreamGauge()
    /// Blocks from it come compressed. Only then are several asked for at once: longer ones deflate better, and are otherwise
    /// slower.
    var sendsCompressed = false
    /// Blocks for it are compressed.
    var compresses = false
    /// Since when its next block is waited for to be compressed.
    var awaitsCompressionSince: Instant?
    /// It counts in the budget of connections.
    var holdsBudget = true
    /// How many of the ways to its address were tried with this dial, for `PeerCandidates`.
    var waysTried = 1
    /// What it was told of other peers, and how often it may tell of others.
    var exchangeOutbox: PeerExchangeOutbox?
    var exchangeInbox: PeerExchangeInbox?
    /// What it may still have of the metadata, once it has asked for some.
    var metadataAllowance: MetadataAllowance?
    /// What it may still have of hash trees, once it has asked for some.
    var hashAllowance: HashAllowance?
    /// The channel wanted to read while too much waited to be sent.
    var isReadHeld = false

    init(endpoint: PeerEndpoint, isInbound: Bool, session: PeerSession, link: PeerLink, at now: Instant) {
        self.endpoint = endpoint
        self.isInbound = isInbound
        self.since = now
        self.session = session
        self.link = link
    }

    /// Most bytes of messages that may wait for the channel to take writes before nothing is read any more, the HAVEs of
    /// all pieces aside. Blocks are not among them: those are made only while the channel takes them.
    ///
    /// Two honest peers never wait for each other because of it: what they have to say without being asked fits.
    private static let unsentLimit = 256 << 10
    /// Bytes of one HAVE.
    private static let haveLength = 9

    /// Whether what the peer sends may be read on. A peer that makes us answer and does not read the answers waits.
    var mayRead: Bool {
        let haves = Self.haveLength * self.session.remotePieces.count
        return self.session.output.count <= Self.unsentLimit + haves
    }

    /// Where the peer can be dialled: the address we dialled, or its address with the port it told us (BEP 10).
    var dialAddress: PeerEndpoint? {
        guard self.isInbound else { return self.endpoint }
        return self.session.remoteListenPort.map { PeerEndpoint(address: self.endpoint.address, port: $0) }
    }

    /// Bytes a second that its link carries while that holds up what is sent; nil where nothing does, or the peer itself.
    func heldRate(at now: Instant) -> Double? {
        switch self.stream.holder {
        case .peer: nil
        case .nothing: self.gauge.bytesPerSecond(at: now)
        case .link(let rate): self.gauge.bytesPerSecond(at: now) ?? rate
        }
    }
}
