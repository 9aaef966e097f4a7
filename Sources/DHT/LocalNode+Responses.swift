// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What others answer.
extension LocalNode {
    mutating func take(_ response: KRPCResponse, _ message: KRPCMessage, from source: PeerEndpoint, at now: Instant) {
        guard let query = self.pending.take(message.transaction, from: source) else {
            self.figures.garbage += 1
            return
        }
        let isV6 = source.address.isV6
        self.figures.answersReceived += 1
        if let expected = query.id, expected != response.sender {
            self[isV6: isV6]?.table.failed(NodeContact(id: expected, endpoint: source), at: now)
        }
        if response.sender == self[isV6: isV6]?.table.ownID {
            // We have been told to ask ourselves.
            self.strangers.removeAll { $0 == source }
        } else if !message.isReadOnly {
            self[isV6: isV6]?.table.answered(NodeContact(id: response.sender, endpoint: source), at: now)
        }
        if let address = message.requester?.address { self.note(address, by: source, at: now) }
        switch query.purpose {
        case .presence, .announce: break
        case .step(let lookup):
            guard let errand = self.lookups[lookup]?.errand else { break }
            let peers = self.lookups[lookup]?.lookup.answered(source, response) ?? []
            if case .search(let infoHash) = errand, !peers.isEmpty { self.outputs.append(.peers(infoHash, peers)) }
            self.advance(lookup, at: now)
        }
    }

    /// A node that refuses is there, but of no use.
    mutating func takeRefusal(_ message: KRPCMessage, from source: PeerEndpoint, at now: Instant) {
        guard let query = self.pending.take(message.transaction, from: source) else {
            self.figures.garbage += 1
            return
        }
        self.fail(query, at: now)
    }

    /// Gives up what has been waited for long enough.
    mutating func giveUpQueries(at now: Instant) {
        while let query = self.pending.nextLate(at: now) {
            guard case .step(let lookup) = query.purpose else { continue }
            self.lookups[lookup]?.lookup.late(query.endpoint)
            self.advance(lookup, at: now)
        }
        while let query = self.pending.nextDead(at: now) {
            if let id = query.id {
                let contact = NodeContact(id: id, endpoint: query.endpoint)
                self[isV6: query.endpoint.address.isV6]?.table.failed(contact, at: now)
            }
            self.fail(query, at: now)
        }
    }

    private mutating func fail(_ query: PendingQuery, at now: Instant) {
        guard case .step(let lookup) = query.purpose else { return }
        self.lookups[lookup]?.lookup.failed(query.endpoint)
        self.advance(lookup, at: now)
    }

    /// Somebody says where he sees us. When enough agree on an address that our id does not fit, we take another (BEP 42).
    private mutating func note(_ address: IPAddress, by source: PeerEndpoint, at now: Instant) {
        let isV6 = source.address.isV6
        guard address.isV6 == isV6, address.isUnicast, let family = self[isV6: isV6],
            let agreed = self[isV6: isV6]?.votes.vote(address, by: source), agreed != family.address
        else { return }
        self[isV6: isV6]?.address = agreed
        guard !family.table.ownID.isValid(at: agreed) else { return }
        var table = RoutingTable(ownID: NodeID(for: agreed, random: &self.random), at: now)
        for contact in family.table.contacts { table.answered(contact, at: now) }
        self[isV6: isV6]?.table = table
        self[isV6: isV6]?.joinDue = now
        self.upkeepDue = now
        self.outputs.append(.moved(to: agreed))
    }
}
