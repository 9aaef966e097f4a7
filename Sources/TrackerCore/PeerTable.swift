// SPDX-License-Identifier: Apache-2.0

/// The peers of one torrent and family: a dense array with those that lack pieces first and seeds behind them, so that
/// a sample of either is a walk over numbers. Small tables are searched; larger ones keep an index by address, and one
/// by identity from the first time that a twin is looked for. Removing moves at most two records. A copy is another
/// name for the same memory, which is the owner's to free.
struct PeerTable<Address: PeerAddress>: BitwiseCopyable {
    /// Tables up to this size are searched from end to end.
    static var searchLimit: Int { 16 }

    private(set) var records = RecordArray<PeerRecord<Address>>()
    private var border: UInt32 = 0
    private var twinsAmongSeeds: UInt32 = 0
    private var twinsAmongLeechers: UInt32 = 0
    private(set) var indexes: UnsafeMutablePointer<PeerIndexes>?

    init() {}

    /// A table from its parts.
    init(
        _ records: RecordArray<PeerRecord<Address>>, leechers: UInt32, twinSeeds: UInt32 = 0, twinLeechers: UInt32 = 0,
        indexes: UnsafeMutablePointer<PeerIndexes>? = nil
    ) {
        self.records = records
        self.border = leechers
        self.twinsAmongSeeds = twinSeeds
        self.twinsAmongLeechers = twinLeechers
        self.indexes = indexes
    }

    var count: Int { self.records.count }
    /// Records before this one lack pieces, the rest are seeds.
    var leechers: Int { Int(self.border) }
    var seeds: Int { self.records.count - self.leechers }
    /// Records that are known in the other family too.
    var twinSeeds: Int { Int(self.twinsAmongSeeds) }
    var twinLeechers: Int { Int(self.twinsAmongLeechers) }

    func isSeed(_ slot: Int) -> Bool { slot >= self.leechers }

    func find(_ address: Address, seed: UInt64) -> Int? {
        guard let indexes = self.indexes else { return self.records.firstIndex { $0.address == address } }
        return indexes.pointee.addresses.find(hash: address.hash(seed: seed)) { self.records[$0].address == address }
    }

    /// Peers of one network. Costs a pass over all.
    func count(of network: UInt64) -> Int {
        (0..<self.records.count).count { self.records[$0].address.network == network }
    }

    /// Not a question only: in a large table the first one makes an index.
    func find(identity: UInt32) -> Int? {
        guard let indexes = self.indexes else { return self.records.firstIndex { $0.identity == identity } }
        if indexes.pointee.identities.isEmpty {
            let records = self.records
            // It is looked after together with the other one, which may have been made for more.
            indexes.pointee.identities.rebuild(count: records.count, room: indexes.pointee.addresses.most) {
                records[$0].identity
            }
        }
        return indexes.pointee.identities.find(hash: identity) { self.records[$0].identity == identity }
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
            self.border += 1
        }
        self.index(slot, seed: seed)
        if record.isTwin { self.countTwin(isSeed: isSeed, isMore: true) }
        return slot
    }

    /// Removes what stands at `slot`, fills the gap and returns it.
    @discardableResult
    mutating func remove(_ slot: Int, seed: UInt64) -> PeerRecord<Address> {
        let removed = self.records[slot]
        if removed.isTwin { self.countTwin(isSeed: self.isSeed(slot), isMore: false) }
        self.unindex(slot, seed: seed)
        var gap = slot
        if gap < self.leechers {
            self.border -= 1
            self.move(from: self.leechers, to: gap, seed: seed)
            gap = self.leechers
        }
        self.move(from: self.records.count - 1, to: gap, seed: seed)
        self.records.removeLast()
        if self.records.count < Self.searchLimit / 2 { self.freeIndexes() }
        return removed
    }

    /// Makes a peer a seed or not; returns where it stands then.
    mutating func setSeed(_ slot: Int, _ isSeed: Bool, seed: UInt64) -> Int {
        guard self.isSeed(slot) != isSeed else { return slot }
        if self.records[slot].isTwin {
            self.countTwin(isSeed: !isSeed, isMore: false)
            self.countTwin(isSeed: isSeed, isMore: true)
        }
        let border = isSeed ? self.leechers - 1 : self.leechers
        if isSeed { self.border -= 1 } else { self.border += 1 }
        self.exchange(slot, border, seed: seed)
        return border
    }

    mutating func renew(_ slot: Int, identity: UInt32, validUntil: UInt32) {
        if self.records[slot].identity != identity {
            self.unindexIdentity(slot)
            self.records.change(slot) { $0.identity = identity }
            if let indexes = self.indexes, !indexes.pointee.identities.isEmpty {
                indexes.pointee.identities.insert(slot, hash: identity)
            }
        }
        self.records.change(slot) { $0.validUntil = validUntil }
    }

    mutating func setTwin(_ slot: Int, _ isTwin: Bool) {
        guard self.records[slot].isTwin != isTwin else { return }
        self.records.change(slot) { $0.isTwin = isTwin }
        self.countTwin(isSeed: self.isSeed(slot), isMore: isTwin)
    }

    mutating func setCounted(_ slot: Int) {
        self.records.change(slot) { $0.isCounted = true }
    }

    /// Gives memory back after many peers have left.
    mutating func shrink(seed: UInt64) {
        self.records.shrink()
        guard let indexes = self.indexes, indexes.pointee.addresses.isSparse(count: self.count) else { return }
        self.rebuildIndexes(seed: seed, count: self.count)
    }

    /// Forgets everybody and gives all memory back.
    mutating func free() {
        self.freeIndexes()
        self.records.free()
        self = Self()
    }

    private mutating func countTwin(isSeed: Bool, isMore: Bool) {
        let change: UInt32 = isMore ? 1 : .max
        if isSeed { self.twinsAmongSeeds &+= change } else { self.twinsAmongLeechers &+= change }
    }
}

// Indexes.
extension PeerTable {
    /// Makes indexes for all but the last record, when the table has outgrown searching or its indexes.
    private mutating func prepareIndexes(seed: UInt64) {
        let count = self.records.count
        guard count > Self.searchLimit, self.indexes?.pointee.addresses.isFull(count: count) ?? true else { return }
        self.rebuildIndexes(seed: seed, count: count - 1)
    }

    private mutating func rebuildIndexes(seed: UInt64, count: Int) {
        let indexes: UnsafeMutablePointer<PeerIndexes>
        if let present = self.indexes {
            indexes = present
        } else {
            indexes = .allocate(capacity: 1)
            indexes.initialize(to: PeerIndexes())
            self.indexes = indexes
        }
        let records = self.records
        indexes.pointee.addresses.rebuild(count: count) { records[$0].address.hash(seed: seed) }
        guard !indexes.pointee.identities.isEmpty else { return }
        indexes.pointee.identities.rebuild(count: count) { records[$0].identity }
    }

    private mutating func freeIndexes() {
        guard let indexes = self.indexes else { return }
        indexes.pointee.addresses.free()
        indexes.pointee.identities.free()
        indexes.deallocate()
        self.indexes = nil
    }

    private func index(_ slot: Int, seed: UInt64) {
        guard let indexes = self.indexes else { return }
        indexes.pointee.addresses.insert(slot, hash: self.records[slot].address.hash(seed: seed))
        guard !indexes.pointee.identities.isEmpty else { return }
        indexes.pointee.identities.insert(slot, hash: self.records[slot].identity)
    }

    private func unindex(_ slot: Int, seed: UInt64) {
        guard let indexes = self.indexes else { return }
        let records = self.records
        indexes.pointee.addresses.remove(slot, hash: records[slot].address.hash(seed: seed)) {
            records[$0].address.hash(seed: seed)
        }
        self.unindexIdentity(slot)
    }

    private func unindexIdentity(_ slot: Int) {
        guard let indexes = self.indexes else { return }
        let records = self.records
        indexes.pointee.identities.remove(slot, hash: records[slot].identity) { records[$0].identity }
    }

    private func moveIndexed(from old: Int, to new: Int, seed: UInt64) {
        guard let indexes = self.indexes else { return }
        indexes.pointee.addresses.move(from: old, to: new, hash: self.records[old].address.hash(seed: seed))
        indexes.pointee.identities.move(from: old, to: new, hash: self.records[old].identity)
    }

    /// Moves a record over one that the indexes have forgotten.
    private func move(from old: Int, to new: Int, seed: UInt64) {
        guard old != new else { return }
        self.moveIndexed(from: old, to: new, seed: seed)
        self.records[new] = self.records[old]
    }

    private func exchange(_ first: Int, _ second: Int, seed: UInt64) {
        guard first != second else { return }
        self.unindex(first, seed: seed)
        self.moveIndexed(from: second, to: first, seed: seed)
        let record = self.records[first]
        self.records[first] = self.records[second]
        self.records[second] = record
        self.index(second, seed: seed)
    }
}
