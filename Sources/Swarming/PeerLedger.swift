// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The connected peers by slot, and one row of bits for each: the pieces it has, with a summary of which of its words are
/// not 0. Rows lie in one flat buffer, summaries in another.
struct PeerLedger {
    let pieceCount: Int
    let wordsPerRow: Int
    private let wordsPerSummary: Int
    var records: [PeerRecord] = []
    /// Pieces that each peer has and we miss. Not in the records: with every piece that is verified all of them change,
    /// and what is hot of hundreds of records would be driven out of the caches for it.
    var interesting: [Int32] = []
    private(set) var rows: [UInt64] = []
    private var summaries: [UInt64] = []
    private(set) var activeCount = 0
    private var nextSerial: UInt64 = 1

    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        self.wordsPerRow = (pieceCount + 63) / 64
        self.wordsPerSummary = (self.wordsPerRow + 63) / 64
    }

    func isActive(_ slot: PeerSlot) -> Bool {
        slot >= 0 && slot < self.records.count && self.records[slot].isActive
    }

    func has(_ piece: PieceIndex, _ slot: PeerSlot) -> Bool {
        self.rows[slot * self.wordsPerRow + piece.offset >> 6] >> UInt64(piece.offset & 63) & 1 == 1
    }

    func isSeed(_ slot: PeerSlot) -> Bool {
        self.pieceCount > 0 && Int(self.records[slot].haveCount) == self.pieceCount
    }

    mutating func join(_ slot: PeerSlot, at now: Instant) {
        while self.records.count <= slot {
            self.records.append(PeerRecord(serial: 0, at: now))
            self.records[self.records.count - 1].isActive = false
            self.interesting.append(0)
            self.rows.append(contentsOf: repeatElement(0, count: self.wordsPerRow))
            self.summaries.append(contentsOf: repeatElement(0, count: self.wordsPerSummary))
        }
        self.records[slot] = PeerRecord(serial: self.nextSerial, at: now)
        self.nextSerial += 1
        self.activeCount += 1
    }

    /// Nobody may be here.
    mutating func removeAll() {
        self.records = []
        self.interesting = []
        self.rows = []
        self.summaries = []
    }

    /// Its row must have been cleared.
    mutating func leave(_ slot: PeerSlot) {
        self.records[slot].isActive = false
        self.activeCount -= 1
    }

    /// False when it had it.
    mutating func insert(_ piece: PieceIndex, _ slot: PeerSlot) -> Bool {
        let index = slot * self.wordsPerRow + piece.offset >> 6
        let bit: UInt64 = 1 << UInt64(piece.offset & 63)
        guard self.rows[index] & bit == 0 else { return false }
        self.rows[index] |= bit
        self.summaries[slot * self.wordsPerSummary + piece.offset >> 12] |= 1 << UInt64(piece.offset >> 6 & 63)
        self.records[slot].haveCount += 1
        return true
    }

    /// A piece came to be missing, or ceased to be: adds `change` for each peer that has it. The rows of those that have
    /// left are empty.
    mutating func changeInterest(in piece: PieceIndex, by change: Int32) {
        let shift = UInt64(piece.offset & 63)
        var index = piece.offset >> 6
        for slot in self.interesting.indices {
            self.interesting[slot] += change * Int32(truncatingIfNeeded: self.rows[index] >> shift & 1)
            index += self.wordsPerRow
        }
    }

    mutating func setWord(_ word: Int, of slot: PeerSlot, to value: UInt64) {
        self.rows[slot * self.wordsPerRow + word] = value
        let bit: UInt64 = 1 << UInt64(word & 63)
        let index = slot * self.wordsPerSummary + word >> 6
        if value == 0 { self.summaries[index] &= ~bit } else { self.summaries[index] |= bit }
    }

    func word(_ word: Int, of slot: PeerSlot) -> UInt64 { self.rows[slot * self.wordsPerRow + word] }

    func withRow<Result>(of slot: PeerSlot, _ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
        self.rows.withUnsafeBufferPointer { all in
            body(UnsafeBufferPointer(rebasing: all[slot * self.wordsPerRow..<(slot + 1) * self.wordsPerRow]))
        }
    }

    /// Which words of a row are not 0, as words.
    func withSummary<Result>(of slot: PeerSlot, _ body: (UnsafeBufferPointer<UInt64>) -> Result) -> Result {
        self.summaries.withUnsafeBufferPointer { all in
            body(UnsafeBufferPointer(rebasing: all[slot * self.wordsPerSummary..<(slot + 1) * self.wordsPerSummary]))
        }
    }
}
