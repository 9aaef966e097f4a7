// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What others ask.
extension LocalNode {
    /// Peers that one answer names, so that it stays one datagram everywhere.
    private static let peersPerAnswer = (v4: 50, v6: 25)

    mutating func answer(_ query: KRPCQuery, _ message: KRPCMessage, from source: PeerEndpoint, at now: Instant) {
        guard self.mayAnswer(source, at: now), let family = self[isV6: source.address.isV6] else { return }
        var response = KRPCResponse(sender: family.table.ownID)
        switch query.question {
        case .ping: break
        case .findNode(let target): self.name(target, in: &response, query, from: source)
        case .getPeers(let infoHash, let excludesSeeds, let wantsCounts):
            self.name(NodeID(infoHash), in: &response, query, from: source)
            response.token = self.tokens.issue(to: source.address, at: now)
            let most = source.address.isV6 ? Self.peersPerAnswer.v6 : Self.peersPerAnswer.v4
            response.peers = family.stored.peers(
                of: infoHash, limit: wantsCounts ? most / 2 : most, excludingSeeds: excludesSeeds,
                random: &self.random, at: now)
            if wantsCounts { response.counts = family.stored.counts(of: infoHash, at: now) }
        case .announcePeer(let announcement):
            guard self.tokens.accepts(announcement.token, from: source.address, at: now) else {
                self.figures.badTokens += 1
                return self.send(
                    KRPCMessage(transaction: message.transaction, .error(.protocolError("bad token"))), to: source)
            }
            let peer = PeerEndpoint(address: source.address, port: announcement.port ?? source.port)
            self[isV6: source.address.isV6]?.stored.announce(
                announcement.infoHash, peer, isSeed: announcement.isSeed, closeTo: family.table.ownID, at: now)
        }
        self.figures.queriesAnswered += 1
        var reply = KRPCMessage(transaction: message.transaction, .response(response))
        reply.requester = source
        self.send(reply, to: source)
        if !message.isReadOnly { self.consider(NodeContact(id: query.sender, endpoint: source), at: now) }
    }

    /// A query that makes no sense is told so.
    mutating func refuse(_ transaction: [UInt8], _ error: KRPCError, to source: PeerEndpoint, at now: Instant) {
        guard self.mayAnswer(source, at: now) else { return }
        self.send(KRPCMessage(transaction: transaction, .error(error)), to: source)
    }

    private mutating func mayAnswer(_ source: PeerEndpoint, at now: Instant) -> Bool {
        guard !self.configuration.isReadOnly else { return false }
        guard self.allowance.take(source, at: now) else {
            self.figures.queriesDropped += 1
            return false
        }
        return true
    }

    /// Puts the closest nodes of the families that are wanted into an answer.
    private func name(
        _ target: NodeID, in response: inout KRPCResponse, _ query: KRPCQuery, from source: PeerEndpoint
    ) {
        let wants = query.wants ?? AddressFamilies(isV6: source.address.isV6)
        func closest(_ family: Family?) -> [NodeContact] {
            // What is in our own network is of no use elsewhere.
            let found = family?.table.closest(to: target, limit: RoutingBucket.size * 2) ?? []
            return found.filter { $0.id != query.sender && $0.endpoint.isPlausible(toldBy: source.address) }
                .prefix(RoutingBucket.size).map { $0 }
        }
        if wants.contains(.v4) { response.nodes = closest(self.v4) }
        if wants.contains(.v6) { response.nodes6 = closest(self.v6) }
    }

    /// A node asked us something: if it would get into the table it is asked whether it answers, too.
    mutating func consider(_ contact: NodeContact, at now: Instant) {
        let isV6 = contact.endpoint.address.isV6
        guard let family = self[isV6: isV6] else { return }
        guard family.table.hasRoom(for: contact) else {
            self[isV6: isV6]?.table.heard(contact, at: now)
            return
        }
        guard contact.endpoint.address.isUnicast, self.pending.mayAskPresence(of: contact.endpoint) else { return }
        self.ask(.ping, of: contact.endpoint, id: contact.id, for: .presence, at: now)
    }

    mutating func send(_ message: KRPCMessage, to endpoint: PeerEndpoint) {
        self.outputs.append(.send(message.encoded, to: endpoint))
    }
}
