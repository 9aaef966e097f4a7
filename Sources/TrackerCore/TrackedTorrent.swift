// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// One torrent: its peers in a table for each family, and what is counted. A peer that announces over both families is
/// in both tables, marked as twin, and counts once. Seventy-two bytes; a copy is another name for the same memory,
/// which is the owner's to free.
struct TrackedTorrent: BitwiseCopyable {
    /// What an announce needs besides the peer itself.
    struct Context {
        let identity: UInt32
        let isSeed: Bool
        let event: AnnounceEvent
        let validUntil: UInt32
        let seed: UInt64
        let census: AddressCensus
    }

    let infoHash: InfoHash
    /// Seconds of the tracker's clock.
    let created: UInt32
    /// When the last of its peers runs out.
    private(set) var validUntil: UInt32 = 0
    private(set) var downloaded: UInt32 = 0
    private(set) var v4 = PeerTable<PeerAddressV4>()
    /// Apart, because most torrents have nobody there.
    private var tableV6: UnsafeMutablePointer<PeerTable<PeerAddressV6>>?

    init(infoHash: InfoHash, created: UInt32) {
        self.infoHash = infoHash
        self.created = created
    }

    private(set) var v6: PeerTable<PeerAddressV6> {
        get { self.tableV6?.pointee ?? PeerTable() }
        set {
            if let table = self.tableV6, newValue.count > 0 {
                table.pointee = newValue
            } else if newValue.count > 0 {
                self.tableV6 = .allocate(capacity: 1)
                self.tableV6?.initialize(to: newValue)
            } else {
                // The last one that leaves has freed the records.
                self.tableV6?.deallocate()
                self.tableV6 = nil
            }
        }
    }

    /// The number of the torrent's piece map; 0 where nobody reports.
    var mapNumber: UInt32 {
        get { self.v4.note }
        set { self.v4.note = newValue }
    }

    var isEmpty: Bool { self.v4.count == 0 && self.v6.count == 0 }
    var addressCount: Int { self.v4.count + self.v6.count }

    var counts: SwarmCounts {
        SwarmCounts(
            complete: self.v4.seeds + self.v6.seeds - self.v6.twinSeeds,
            incomplete: self.v4.leechers + self.v6.leechers - self.v6.twinLeechers,
            downloaded: self.downloaded)
    }

    func holds(_ endpoint: PeerEndpoint, seed: UInt64) -> Bool {
        if let address = PeerAddressV6(endpoint) { return self.v6.find(address, seed: seed) != nil }
        return PeerAddressV4(endpoint).map { self.v4.find($0, seed: seed) != nil } ?? false
    }

    /// What the census knows the torrent by.
    func number(seed: UInt64) -> UInt32 { PeerHash.torrent(self.infoHash, seed: seed) | 1 }

    /// What is known of a peer at this address.
    func entry(_ endpoint: PeerEndpoint, seed: UInt64) -> (identity: UInt32, isSeed: Bool)? {
        let (v4, v6) = (self.v4, self.v6)
        if let slot = PeerAddressV4(endpoint).flatMap({ v4.find($0, seed: seed) }) {
            return (v4.records[slot].identity, v4.isSeed(slot))
        }
        if let slot = PeerAddressV6(endpoint).flatMap({ v6.find($0, seed: seed) }) {
            return (v6.records[slot].identity, v6.isSeed(slot))
        }
        return nil
    }

    mutating func put(_ endpoint: PeerEndpoint, _ context: Context) {
        self.validUntil = max(self.validUntil, context.validUntil)
        var (v4, v6) = (self.v4, self.v6)
        var isNew = false
        let number = self.number(seed: context.seed)
        if let address = PeerAddressV4(endpoint) {
            isNew = Self.put(address, context, in: &v4, other: &v6, number)
        } else if let address = PeerAddressV6(endpoint) {
            isNew = Self.put(address, context, in: &v6, other: &v4, number)
        }
        (self.v4, self.v6) = (v4, v6)
        if isNew { self.downloaded &+= 1 }
    }

    /// Forgets everybody and gives all memory back.
    mutating func free() {
        self.v4.free()
        var v6 = self.v6
        v6.free()
        self.v6 = v6
    }

    mutating func remove(_ endpoint: PeerEndpoint, seed: UInt64, census: AddressCensus) {
        let number = self.number(seed: seed)
        var (v4, v6) = (self.v4, self.v6)
        if let slot = PeerAddressV4(endpoint).flatMap({ v4.find($0, seed: seed) }) {
            Self.remove(slot, from: &v4, other: &v6, seed: seed, census, number)
        } else if let slot = PeerAddressV6(endpoint).flatMap({ v6.find($0, seed: seed) }) {
            Self.remove(slot, from: &v6, other: &v4, seed: seed, census, number)
        }
        (self.v4, self.v6) = (v4, v6)
    }

    /// Removes peers that have run out, looking at no more than `budget` addresses from `start` down. Returns where to
    /// go on, nil at the end.
    mutating func expire(
        at now: UInt32, from start: Int?, seed: UInt64, census: AddressCensus, budget: inout Int
    ) -> Int? {
        let number = self.number(seed: seed)
        var (v4, v6) = (self.v4, self.v6)
        var cursor = min(start ?? .max, v4.count + v6.count)
        while cursor > 0, budget > 0 {
            cursor -= 1
            budget -= 1
            if cursor < v4.count {
                guard v4.records[cursor].validUntil < now else { continue }
                Self.remove(cursor, from: &v4, other: &v6, seed: seed, census, number)
            } else {
                let slot = cursor - v4.count
                guard v6.records[slot].validUntil < now else { continue }
                Self.remove(slot, from: &v6, other: &v4, seed: seed, census, number)
            }
        }
        if cursor == 0 {
            v4.shrink(seed: seed)
            v6.shrink(seed: seed)
        }
        (self.v4, self.v6) = (v4, v6)
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

    private static func remove<Own, Other>(
        _ slot: Int, from own: inout PeerTable<Own>, other: inout PeerTable<Other>, seed: UInt64,
        _ census: AddressCensus, _ number: UInt32
    ) {
        let removed = own.remove(slot, seed: seed)
        census.remove(removed.address, torrent: number)
        if removed.isTwin { self.untwin(removed.identity, in: &other) }
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
