// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

// Peers that come and go.
extension TrackedTorrent {
    /// What an announce needs besides the peer itself.
    struct Context {
        let identity: UInt32
        let isSeed: Bool
        let event: AnnounceEvent
        let validUntil: UInt32
        let seed: UInt64
        let census: AddressCensus
    }

    func holds(_ endpoint: PeerEndpoint, seed: UInt64) -> Bool { self.entry(endpoint, seed: seed) != nil }

    /// What the census knows the torrent by.
    func number(seed: UInt64) -> UInt32 { PeerHash.torrent(self.infoHash, seed: seed) | 1 }

    /// What is known of a peer at this address.
    func entry(_ endpoint: PeerEndpoint, seed: UInt64) -> (identity: UInt32, isSeed: Bool)? {
        if let address = PeerAddressV4(endpoint) {
            let v4 = self.v4
            return v4.find(address, seed: seed).map { (v4.records[$0].identity, v4.isSeed($0)) }
        }
        guard let address = PeerAddressV6(endpoint) else { return nil }
        let v6 = self.v6
        return v6.find(address, seed: seed).map { (v6.records[$0].identity, v6.isSeed($0)) }
    }

    func put(_ endpoint: PeerEndpoint, _ context: Context) {
        var (v4, v6) = (self.v4, self.v6)
        var isNew = false
        let number = self.number(seed: context.seed)
        if let address = PeerAddressV4(endpoint) {
            isNew = Self.put(address, context, in: &v4, other: &v6, number)
        } else if let address = PeerAddressV6(endpoint) {
            isNew = Self.put(address, context, in: &v6, other: &v4, number)
        }
        self.store(v4, v6)
        if isNew { self.countDownload() }
    }

    func remove(_ endpoint: PeerEndpoint, seed: UInt64, census: AddressCensus) {
        let number = self.number(seed: seed)
        var (v4, v6) = (self.v4, self.v6)
        let validUntil: UInt32
        if let slot = PeerAddressV4(endpoint).flatMap({ v4.find($0, seed: seed) }) {
            validUntil = Self.remove(slot, from: &v4, other: &v6, seed: seed, census, number)
        } else if let slot = PeerAddressV6(endpoint).flatMap({ v6.find($0, seed: seed) }) {
            validUntil = Self.remove(slot, from: &v6, other: &v4, seed: seed, census, number)
        } else {
            return
        }
        self.store(v4, v6)
        self.keptUntil = validUntil
    }

    /// Removes peers that have run out, looking at no more than `budget` addresses from `start` down. Returns where to
    /// go on, nil at the end.
    func expire(at now: UInt32, from start: Int?, seed: UInt64, census: AddressCensus, budget: inout Int) -> Int? {
        let number = self.number(seed: seed)
        var (v4, v6) = (self.v4, self.v6)
        var cursor = min(start ?? .max, v4.count + v6.count)
        var last: UInt32?
        while cursor > 0, budget > 0 {
            cursor -= 1
            budget -= 1
            if cursor < v4.count {
                guard v4.records[cursor].validUntil < now else { continue }
                last = Self.remove(cursor, from: &v4, other: &v6, seed: seed, census, number)
            } else {
                let slot = cursor - v4.count
                guard v6.records[slot].validUntil < now else { continue }
                last = Self.remove(slot, from: &v6, other: &v4, seed: seed, census, number)
            }
        }
        if cursor == 0 {
            v4.shrink(seed: seed)
            v6.shrink(seed: seed)
        }
        self.store(v4, v6)
        if let last { self.keptUntil = last }
        return cursor == 0 ? nil : cursor
    }

    /// Returns whether a download is newly complete.
    private static func put<Own, Other>(
        _ address: Own, _ context: Context, in own: inout PeerTable<Own>, other: inout PeerTable<Other>,
        _ number: UInt32
    ) -> Bool {
        let twin = other.count == 0 ? nil : other.find(identity: context.identity)
        var isNews = context.event == .completed && !(twin.map { other.records[$0].isCounted } ?? false)
        var slot: Int
        if let known = own.find(address, seed: context.seed) {
            if own.isSeed(known) || own.records[known].isCounted { isNews = false }
            self.untwinOnNewIdentity(known, context, own: &own, other: &other)
            slot = own.setSeed(known, context.isSeed, seed: context.seed)
            own.renew(slot, identity: context.identity, validUntil: context.validUntil)
        } else {
            let record = PeerRecord(address: address, identity: context.identity, validUntil: context.validUntil)
            slot = own.insert(record, isSeed: context.isSeed, seed: context.seed)
            context.census.add(address, torrent: number)
        }
        if let twin, !other.records[twin].isTwin, !own.records[slot].isTwin {
            other.setTwin(twin, true)
            own.setTwin(slot, true)
        }
        if isNews { own.setCounted(slot) }
        return isNews
    }

    /// Another client took over the address: its predecessor's other address is no twin of it.
    private static func untwinOnNewIdentity<Own, Other>(
        _ slot: Int, _ context: Context, own: inout PeerTable<Own>, other: inout PeerTable<Other>
    ) {
        let record = own.records[slot]
        guard record.identity != context.identity, record.isTwin else { return }
        own.setTwin(slot, false)
        self.untwin(record.identity, in: &other)
    }

    /// Returns until when the peer would have been remembered.
    private static func remove<Own, Other>(
        _ slot: Int, from own: inout PeerTable<Own>, other: inout PeerTable<Other>, seed: UInt64,
        _ census: AddressCensus, _ number: UInt32
    ) -> UInt32 {
        let removed = own.remove(slot, seed: seed)
        census.remove(removed.address, torrent: number)
        if removed.isTwin { self.untwin(removed.identity, in: &other) }
        return removed.validUntil
    }

    private static func untwin<Other>(_ identity: UInt32, in other: inout PeerTable<Other>) {
        guard let slot = other.find(identity: identity) else { return }
        other.setTwin(slot, false)
    }
}

extension PeerAddressV4 {
    init?(_ endpoint: PeerEndpoint) {
        guard !endpoint.address.isV6 else { return nil }
        self.init(number: UInt32(truncatingIfNeeded: endpoint.address.low), port: endpoint.port)
    }
}

extension PeerAddressV6 {
    init?(_ endpoint: PeerEndpoint) {
        guard endpoint.address.isV6 else { return nil }
        self.init(high: endpoint.address.high, low: endpoint.address.low, port: endpoint.port)
    }
}
