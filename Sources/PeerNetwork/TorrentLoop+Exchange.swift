// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel

/// Peers tell each other of others (BEP 11). Never those of a private torrent (BEP 27).
extension TorrentLoop {
    /// A peer tells of others.
    func exchangeMessage(at offset: UInt32, count: UInt32, from connection: PeerConnection, at now: Instant) {
        guard !self.isPrivate else { return }
        var inbox = connection.exchangeInbox ?? PeerExchangeInbox(at: now)
        let isHeeded = inbox.admit(at: now)
        connection.exchangeInbox = inbox
        guard isHeeded else {
            return self.punish(connection, for: connection.session.judge(.exchangeFlood), at: now)
        }
        let bytes = connection.session.extensionBytes[Int(offset)..<Int(offset) + Int(count)]
        guard let message = try? PeerExchangeMessage(parsing: bytes) else {
            return self.punish(connection, for: connection.session.judge(.malformedExtension), at: now)
        }
        let isLocal = connection.endpoint.address.isLoopback
        for peer in message.added {
            let address = peer.endpoint.address
            // What is said of loopback is about another machine, unless it comes from this one.
            guard !address.isMulticast, isLocal || !address.isLoopback,
                !self.isFinished || !peer.flags.contains(.isUploadOnly),
                !self.services.bans.refuses(address, at: now)
            else { continue }
            // Nobody says in which swarm of a hybrid it is. Old clients know the v1 name alone, others that one too, those with
            // a v2 link from the moment that they have the metadata.
            self.candidates.insert(peer.endpoint, in: .v1, at: now)
        }
        self.dialSoon()
    }

    /// Tells peers of others, as far as it is time to.
    func exchangePeers(at now: Instant) {
        guard !self.isPrivate, self.phase != .stopped else { return }
        var known: [PeerExchangeMessage.Peer]?
        for connection in self.peers {
            guard let connection, !connection.isClosed, !connection.session.extendedHandshakeIsAwaited,
                connection.session.remoteNumber(of: ExtendedHandshake.exchangeName) != nil
            else { continue }
            var outbox = connection.exchangeOutbox ?? PeerExchangeOutbox(at: now)
            guard outbox.isDue(at: now) else { continue }
            let all = known ?? self.exchangeablePeers
            known = all
            let own = connection.dialAddress
            let message = outbox.next(all.filter { $0.endpoint != own }, at: now)
            connection.exchangeOutbox = outbox
            guard let message else { continue }
            connection.session.sendExtended(ExtendedHandshake.exchangeName, payload: message.encoded)
            self.flush(connection)
        }
    }

    /// Connected peers that others could dial.
    private var exchangeablePeers: [PeerExchangeMessage.Peer] {
        self.peers.compactMap { connection in
            guard let connection, !connection.isClosed, let endpoint = connection.dialAddress else { return nil }
            var flags = PeerExchangeMessage.Flags()
            if connection.session.remoteIsUploadOnly { flags.insert(.isUploadOnly) }
            if connection.link.isEncoded { flags.insert(.prefersEncryption) }
            if connection.link.way.datagram != nil { flags.insert(.supportsDatagrams) }
            if !connection.isInbound { flags.insert(.isReachable) }
            return PeerExchangeMessage.Peer(endpoint, flags)
        }
    }
}
