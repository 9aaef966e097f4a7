// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// What the peers of one torrent have that report it: a bit for each peer and piece, a count for each piece, and for rare
/// pieces who has them. Peers that do not report are not here and cost nothing.
final class PieceMap {
    let infoHash: InfoHash
    let pieceCount: UInt32
    /// Keys the index, so that nobody can aim at one bucket.
    private let seed: UInt64
    private(set) var reporters = RecordArray<PieceReporter>()
    private(set) var rows: PieceRows
    /// Holders of each piece.
    let counts: UnsafeMutablePointer<UInt32>
    private(set) var rare: RareHolders
    /// Slots in use, without gaps, so that a sample is a walk over numbers.
    private(set) var present = RecordArray<ReporterSketch>()
    /// The word of rows that sketches have, and for how many answers more.
    var sketchedWord = 0
    var sketchedAnswers = 0
    private var freeSlots = RecordArray<UInt32>()
    private var slots = SlotIndex()
    private var neighbours: AddressLoad?
    /// Peers that say that the torrent has another number of pieces.
    var rivals = PieceCountRivals()
    /// Where `expire` goes on.
    var expiryPlace = 0

    init(infoHash: InfoHash, pieceCount: UInt32, seed: UInt64) {
        self.infoHash = infoHash
        self.pieceCount = pieceCount
        self.seed = seed
        self.rows = PieceRows(width: (Int(pieceCount) + 63) / 64)
        self.counts = .allocate(capacity: Int(pieceCount))
        self.counts.initialize(repeating: 0, count: Int(pieceCount))
        self.rare = RareHolders(pieceCount: Int(pieceCount))
    }

    deinit {
        self.reporters.free()
        self.rows.free()
        self.counts.deallocate()
        self.rare.free()
        self.present.free()
        self.freeSlots.free()
        self.slots.free()
    }

    /// Memory that it holds, all but exactly.
    var byteCount: Int {
        self.rows.byteCount + Int(self.pieceCount) * 4 + self.rare.byteCount
            + self.reporters.count * (MemoryLayout<PieceReporter>.stride + MemoryLayout<ReporterSketch>.stride + 8)
            + 256
    }

    /// Memory that a new map takes.
    static func byteCount(pieceCount: UInt32) -> Int { Int(pieceCount) * 8 + 256 }

    /// Bytes that one reporter more would take now.
    var growth: Int {
        self.freeSlots.count > 0 || self.reporters.count < self.rows.capacity ? 0 : self.rows.nextBlockBytes
    }

    /// How many report.
    var reporterCount: Int { self.present.count }

    func slot(of endpoint: PeerEndpoint) -> Int? {
        self.slots.find(hash: self.hash(endpoint)) { self.reporters[$0].endpoint == endpoint }
    }

    /// Whether one more from this address is too many: a neighbourhood may have `limit`, or four times its even share.
    func isCrowded(_ address: IPAddress, limit: Int) -> Bool {
        guard self.reporterCount >= limit else { return false }
        if self.neighbours == nil {
            var load = AddressLoad(seed: self.seed)
            for place in 0..<self.present.count {
                load.add(self.reporters[Int(self.present[place].slot)].endpoint.address)
            }
            self.neighbours = load
        }
        return (self.neighbours?.load(of: address) ?? 0) >= max(limit, 4 * self.reporterCount / AddressLoad.size)
    }

    /// Adds a reporter that is not there, with an empty row.
    func insert(_ endpoint: PeerEndpoint, identity: UInt32) -> Int {
        var reporter = PieceReporter(endpoint: endpoint, identity: identity)
        reporter.place = UInt32(self.present.count)
        let slot: Int
        if self.freeSlots.count > 0 {
            slot = Int(self.freeSlots[self.freeSlots.count - 1])
            self.freeSlots.removeLast()
            self.reporters[slot] = reporter
        } else {
            slot = self.reporters.count
            self.reporters.append(reporter)
            if slot >= self.rows.capacity { self.rows.grow() }
        }
        self.present.append(ReporterSketch(slot: slot, isV6: endpoint.address.isV6))
        self.neighbours?.add(endpoint.address)
        if self.slots.isEmpty || self.slots.isFull(count: self.present.count) {
            self.rebuildIndex()
        } else {
            self.slots.insert(slot, hash: self.hash(endpoint))
        }
        return slot
    }

    /// Forgets a reporter and what it has.
    func remove(_ slot: Int) {
        self.clear(slot)
        let reporter = self.reporters[slot]
        let reporters = self.reporters
        self.slots.remove(slot, hash: self.hash(reporter.endpoint)) { self.hash(reporters[$0].endpoint) }
        self.neighbours?.remove(reporter.endpoint.address)
        let last = self.present[self.present.count - 1]
        self.present[Int(reporter.place)] = last
        self.reporters.change(Int(last.slot)) { $0.place = reporter.place }
        self.present.removeLast()
        self.reporters.change(slot) { $0.place = .max }
        self.freeSlots.append(UInt32(slot))
    }

    func change(_ slot: Int, _ body: (inout PieceReporter) -> Void) {
        self.reporters.change(slot, body)
    }

    /// Takes all pieces from a reporter.
    func clear(_ slot: Int) {
        let (row, counts) = (self.rows.row(slot), self.counts)
        for index in 0..<self.rows.width where row[index] != 0 {
            var word = row[index]
            row[index] = 0
            while word != 0 {
                let piece = index << 6 | word.trailingZeroBitCount
                word &= word &- 1
                counts[piece] &-= 1
                if counts[piece] < RareHolders.most { self.rare.lose(piece, slot) }
            }
        }
        self.sketch(slot, 0...self.rows.width)
        self.reporters.change(slot) { reporter in
            reporter.count = 0
            reporter.mixed = 0
        }
    }

    /// Adds a stretch of pieces, which must exist, to what a reporter has.
    func add(_ first: UInt32, _ count: UInt32, to slot: Int) {
        guard count > 0 else { return }
        let (row, counts) = (self.rows.row(slot), self.counts)
        var sum = PieceChecksum()
        for piece in Int(first)..<Int(first + count) where row[piece >> 6] >> UInt64(piece & 63) & 1 == 0 {
            row[piece >> 6] |= 1 << UInt64(piece & 63)
            counts[piece] &+= 1
            if counts[piece] <= RareHolders.most + 1 { self.rare.gain(piece, slot, count: counts[piece]) }
            sum.insert(UInt32(piece))
        }
        self.sketch(slot, Int(first) >> 6...Int(first + count - 1) >> 6)
        self.reporters.change(slot) { reporter in
            reporter.count &+= sum.count
            reporter.mixed ^= sum.mixed
        }
    }

    func has(_ slot: Int, _ piece: Int) -> Bool {
        self.rows.row(slot)[piece >> 6] >> UInt64(piece & 63) & 1 == 1
    }

    /// Gives memory back after reporters have left.
    func shrink() { self.rare.shrink() }

    /// Makes sure that the list of a rare piece's holders is kept.
    func findHolders(of piece: Int) {
        guard !self.rare.isKept(piece), self.counts[piece] <= RareHolders.most else { return }
        self.rare.rebuild(piece) { push in
            for place in 0..<self.present.count where self.has(Int(self.present[place].slot), piece) {
                push(Int(self.present[place].slot))
            }
        }
    }

    private func rebuildIndex() {
        // Slots have gaps, so they are put in one by one.
        self.slots.rebuild(count: 0, room: self.reporters.count) { _ in 0 }
        for place in 0..<self.present.count {
            let slot = Int(self.present[place].slot)
            self.slots.insert(slot, hash: self.hash(self.reporters[slot].endpoint))
        }
    }

    private func hash(_ endpoint: PeerEndpoint) -> UInt32 {
        let first = PeerHash.mix(self.seed ^ endpoint.address.high)
        return PeerHash.mix(self.seed ^ endpoint.address.low ^ UInt64(first) << 32 ^ UInt64(endpoint.port))
    }
}
