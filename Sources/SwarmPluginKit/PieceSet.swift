// SPDX-License-Identifier: Apache-2.0

/// A set of pieces of a torrent: one bit a piece, and above it one bit a word that is not 0, so that what a peer has of the
/// set is found in a few steps however many pieces there are. Needs no memory before the first piece comes in.
struct PieceSet: ~Copyable {
    private let wordCount: Int
    private let summaryCount: Int
    /// The words, and behind them their summary.
    private var words: UnsafeMutablePointer<UInt64>?
    /// Number of pieces in the set.
    private(set) var count = 0

    init(pieceCount: Int) {
        self.wordCount = (pieceCount + 63) / 64
        self.summaryCount = (self.wordCount + 63) / 64
    }

    deinit {
        self.words?.deallocate()
    }

    /// The pieces of word `index` that are in the set.
    func word(_ index: Int) -> UInt64 { self.words.map { $0[index] } ?? 0 }

    func contains(_ piece: UInt32) -> Bool { self.word(Int(piece >> 6)) >> UInt64(piece & 63) & 1 == 1 }

    /// Puts in a piece that is not in it.
    mutating func insert(_ piece: UInt32) {
        let words = self.memory()
        let index = Int(piece >> 6)
        words[index] |= 1 << UInt64(piece & 63)
        words[self.wordCount + index >> 6] |= 1 << UInt64(index & 63)
        self.count += 1
    }

    /// Takes out a piece that is in it.
    mutating func remove(_ piece: UInt32) {
        guard let words = self.words else { return }
        let index = Int(piece >> 6)
        words[index] &= ~(1 << UInt64(piece & 63))
        if words[index] == 0 { words[self.wordCount + index >> 6] &= ~(1 << UInt64(index & 63)) }
        self.count -= 1
    }

    /// Puts all pieces into the empty set.
    mutating func fill(pieceCount: Int) {
        let words = self.memory()
        Self.fill(words, bits: pieceCount)
        Self.fill(words + self.wordCount, bits: self.wordCount)
        self.count = pieceCount
    }

    /// The first word at or after `from`, and before `end`, in which a peer has pieces of the set.
    func nextWord(had has: PieceWords, from: Int, below end: Int) -> Int? {
        guard let words = self.words else { return nil }
        let summary = words + self.wordCount
        let end = min(end, self.wordCount)
        var from = from
        while from < end {
            let index = from >> 6
            var bits = summary[index] & has.summary(index) & (UInt64.max << UInt64(from & 63))
            while bits != 0 {
                let word = index << 6 + bits.trailingZeroBitCount
                guard word < end else { return nil }
                if words[word] & has[word] != 0 { return word }
                bits &= bits &- 1
            }
            from = (index + 1) << 6
        }
        return nil
    }

    /// As `nextWord` up to the last one, and from the first word on when there is none.
    func nextWordAround(had has: PieceWords, from: Int) -> Int? {
        self.nextWord(had: has, from: from, below: self.wordCount)
            ?? self.nextWord(had: has, from: 0, below: min(from, self.wordCount))
    }

    private mutating func memory() -> UnsafeMutablePointer<UInt64> {
        if let words = self.words { return words }
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: self.wordCount + self.summaryCount + 1)
        words.initialize(repeating: 0, count: self.wordCount + self.summaryCount + 1)
        self.words = words
        return words
    }

    private static func fill(_ words: UnsafeMutablePointer<UInt64>, bits: Int) {
        for index in 0..<bits >> 6 { words[index] = UInt64.max }
        if bits & 63 != 0 { words[bits >> 6] = (1 << UInt64(bits & 63)) - 1 }
    }
}
