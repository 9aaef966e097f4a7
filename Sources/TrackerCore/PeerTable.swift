// SPDX-License-Identifier: Apache-2.0

/// The peers of one torrent and family: a dense array with those that lack pieces first and seeds behind them, so that
/// a sample of either is a walk over numbers. Small tables are searched; larger ones keep two indexes, by address and
/// by identity. Removing moves at most two records.
struct PeerTable<Address: PeerAddress>: Sendable {
    /// Tables up to this size are searched from end to end.
    static var searchLimit: Int { 16 }

    private(set) var records: ContiguousArray<PeerRecord<Address>> = []
    /// Records before this one lack pieces, the rest are seeds.
    private(set) var leechers = 0
    /// Records that are known in the other family too, seeds and not.
    private(set) var twinSeeds = 0
    private(set) var twinLeechers = 0
    private var addresses = SlotIndex()
    private var identities = SlotIndex()

    var count: Int { self.records.count }
    var seeds: Int { self.records.count - self.leechers }

    func isSeed(_ slot: Int) -> Bool { slot >= self.leechers }

    func find(_ address: Address, seed: UInt64) -> Int? {
        guard !self.addresses.isEmpty else { return self.records.firstIndex { $0.address == address } }
        return self.addresses.find(hash: address.hash(seed: seed)) { self.records[$0].address == address }
    }

    func find(identity: UInt32) -> Int? {
        guard !self.identities.isEmpty else { return self.records.firstIndex { $0.identity == identity } }
        return self.identities.find(hash: identity) { self.records[$0].identity == identity }
    }

    /// Adds a peer that is not there; returns where it stands.
    mutating func insert(_ record: PeerRecord<Address>, isSeed: Bool, seed: UInt64) -> Int {
        self.records.append(record)
        let last = self.records.count - 1
        self.prepareIndexes(seed: seed)
        var slot = last
        if !isSeed {
            slot = self.leechers
            if slot != last {
                self.moveIndexed(from: slot, to: last, seed: seed)
                self.records[last] = self.records[slot]
                self.records[slot] = record
            }
            self.leechers += 1
        }
        self.index(slot, seed: seed)
        if record.isTwin { self.countTwin(isSeed: isSeed, by: 1) }
        return slot
    }

    /// Removes what stands at `slot`, fills the gap and returns it.
    @discardableResult
    mutating func remove(_ slot: Int, seed: UInt64) -> PeerRecord<Address> {
        let removed = self.records[slot]
        if removed.isTwin { self.countTwin(isSeed: self.isSeed(slot), by: -1) }
        self.unindex(slot, seed: seed)
        var gap = slot
        if gap < self.leechers {
            self.leechers -= 1
            self.move(from: self.leechers, to: gap, seed: seed)
            gap = self.leechers
        }
        self.move(from: self.records.count - 1, to: gap, seed: seed)
        self.records.removeLast()
        if self.records.count < Self.searchLimit / 2, !self.addresses.isEmpty {
            self.addresses.removeAll()
            self.identities.removeAll()
        }
        return removed
    }

    /// Makes a peer a seed or not; returns where it stands then.
    mutating func setSeed(_ slot: Int, _ isSeed: Bool, seed: UInt64) -> Int {
        guard self.isSeed(slot) != isSeed else { return slot }
        if self.records[slot].isTwin {
            self.countTwin(isSeed: !isSeed, by: -1)
            self.countTwin(isSeed: isSeed, by: 1)
        }
        let border = isSeed ? self.leechers - 1 : self.leechers
        self.leechers += isSeed ? -1 : 1
        self.exchange(slot, border, seed: seed)
        return border
    }

    mutating func renew(_ slot: Int, identity: UInt32, validUntil: UInt32, seed: UInt64) {
        if self.records[slot].identity != identity {
            self.unindexIdentity(slot)
            self.records[slot].identity = identity
            if !self.identities.isEmpty { self.identities.insert(slot, hash: identity) }
        }
        self.records[slot].validUntil = validUntil
    }

    mutating func setTwin(_ slot: Int, _ isTwin: Bool) {
        guard self.records[slot].isTwin != isTwin else { return }
        self.records[slot].isTwin = isTwin
        self.countTwin(isSeed: self.isSeed(slot), by: isTwin ? 1 : -1)
    }

    mutating func setCounted(_ slot: Int) {
        self.records[slot].isCounted = true
    }

    /// Gives memory back after many peers have left.
    mutating func shrink(seed: UInt64) {
        guard self.records.capacity > 64, self.records.count * 4 < self.records.capacity else { return }
        var smaller = ContiguousArray<PeerRecord<Address>>()
        smaller.append(contentsOf: self.records)
        self.records = smaller
        if self.addresses.isSparse(count: self.records.count) { self.rebuildIndexes(seed: seed) }
    }

    private mutating func countTwin(isSeed: Bool, by change: Int) {
        if isSeed { self.twinSeeds += change } else { self.twinLeechers += change }
    }
}

// Indexes.
extension PeerTable {
    /// Makes indexes for all but the last record, when the table has outgrown searching or its indexes.
    private mutating func prepareIndexes(seed: UInt64) {
        let count = self.records.count
        guard count > Self.searchLimit, self.addresses.isEmpty || self.addresses.isFull(count: count) else { return }
        self.rebuildIndexes(seed: seed, count: count - 1)
    }

    private mutating func rebuildIndexes(seed: UInt64, count: Int? = nil) {
        let records = self.records
        let count = count ?? records.count
        self.addresses.rebuild(count: count) { records[$0].address.hash(seed: seed) }
        self.identities.rebuild(count: count) { records[$0].identity }
    }

    private mutating func index(_ slot: Int, seed: UInt64) {
        guard !self.addresses.isEmpty else { return }
        self.addresses.insert(slot, hash: self.records[slot].address.hash(seed: seed))
        self.identities.insert(slot, hash: self.records[slot].identity)
    }

    private mutating func unindex(_ slot: Int, seed: UInt64) {
        guard !self.addresses.isEmpty else { return }
        let records = self.records
        self.addresses.remove(slot, hash: records[slot].address.hash(seed: seed)) {
            records[$0].address.hash(seed: seed)
        }
        self.unindexIdentity(slot)
    }

    private mutating func unindexIdentity(_ slot: Int) {
        guard !self.identities.isEmpty else { return }
        let records = self.records
        self.identities.remove(slot, hash: records[slot].identity) { records[$0].identity }
    }

    private mutating func moveIndexed(from old: Int, to new: Int, seed: UInt64) {
        guard !self.addresses.isEmpty else { return }
        self.addresses.move(from: old, to: new, hash: self.records[old].address.hash(seed: seed))
        self.identities.move(from: old, to: new, hash: self.records[old].identity)
    }

    /// Moves a record over one that the indexes have forgotten.
    private mutating func move(from old: Int, to new: Int, seed: UInt64) {
        guard old != new else { return }
        self.moveIndexed(from: old, to: new, seed: seed)
        self.records[new] = self.records[old]
    }

    private mutating func exchange(_ first: Int, _ second: Int, seed: UInt64) {
        guard first != second else { return }
        self.unindex(first, seed: seed)
        self.moveIndexed(from: second, to: first, seed: seed)
        self.records.swapAt(first, second)
        self.index(second, seed: seed)
    }
}
