// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The connected peers by slot, and one row of bits for each: the pieces it has, with a summary of which of its words are
/// not 0. Rows lie in one flat buffer, summaries in another.
struct PeerLedger {
    let pieceCount: Int
    let wordsPerRow: Int
    private let wordsPerSummary: Int
    var records: [PeerRecord] = []
    /// The last piece that each peer has and we miss; -1 when there is none. With most of the pieces that are verified none
    /// of them changes, so that nobody's row is looked at: those of many peers are in no cache. Not in the records, because
    /// all are compared every time.
    private(set) var lastMissing: [Int32] = []
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
            self.lastMissing.append(-1)
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
        self.lastMissing = []
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

    /// Whether a peer has a piece that we miss.
    func isInteresting(_ slot: PeerSlot) -> Bool { self.lastMissing[slot] >= 0 }

    /// A peer has a piece that we miss.
    mutating func noteMissing(_ piece: PieceIndex, of slot: PeerSlot) {
        self.lastMissing[slot] = max(self.lastMissing[slot], Int32(piece.rawValue))
    }

    /// A piece is not in `missing` any more.
    mutating func ceasedMissing(_ piece: PieceIndex, _ missing: Bitfield) {
        let number = Int32(piece.rawValue)
        for slot in self.lastMissing.indices where self.lastMissing[slot] == number {
            self.lastMissing[slot] = self.last(of: slot, in: 0..<piece.offset >> 6 + 1, missing)
        }
    }

    /// A peer's row, or `missing`, may be another in these words.
    mutating func findLast(of slot: PeerSlot, in words: Range<Int>, _ missing: Bitfield) {
        guard self.lastMissing[slot] < Int32(words.upperBound << 6) else { return }
        let last = self.last(of: slot, in: words, missing)
        if last >= 0 {
            self.lastMissing[slot] = last
        } else if self.lastMissing[slot] >= Int32(words.lowerBound << 6) {
            self.lastMissing[slot] = self.last(of: slot, in: 0..<words.lowerBound, missing)
        }
    }

    /// The last piece in these words that a peer has and that is in `missing`; -1 when there is none.
    private func last(of slot: PeerSlot, in words: Range<Int>, _ missing: Bitfield) -> Int32 {
        let row = slot * self.wordsPerRow
        var index = words.upperBound
        while index > words.lowerBound {
            let filled = self.summaries[slot * self.wordsPerSummary + (index - 1) >> 6]
            // Those of the words below `index` that are not 0.
            let left = filled << UInt64(63 - (index - 1) & 63)
            guard left != 0 else {
                index = (index - 1) & ~63
                continue
            }
            index -= left.leadingZeroBitCount + 1
            guard index >= words.lowerBound else { return -1 }
            let both = self.rows[row + index] & missing.words[index]
            if both != 0 { return Int32(index << 6 + 63 - both.leadingZeroBitCount) }
        }
        return -1
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
