// SPDX-License-Identifier: Apache-2.0

/// The entries that have free blocks, by how many they have: for each number a set of entries, one bit an entry. Those with
/// most or fewest are found without a look at the others, however many there are.
struct GivingEntries {
    /// The greatest number of free blocks.
    private let most: Int
    /// Words of one set.
    private var wordCount = 0
    /// The sets of 1, 2, 3 … free blocks, one behind the other.
    private var sets: [UInt64] = []
    /// Which of the sets are not empty: the one of `n` free blocks in bit `(n - 1) % 64` of word `(n - 1) / 64`.
    private var filled: [UInt64]

    init(most: Int) {
        self.most = most
        self.filled = Array(repeating: 0, count: (most + 63) / 64)
    }

    /// Makes room for entries 0 ..< `count`.
    mutating func reserve(_ count: Int) {
        let wanted = (count + 63) / 64
        guard wanted > self.wordCount else { return }
        var sets: [UInt64] = []
        sets.reserveCapacity(self.most * wanted)
        for number in 0..<self.most {
            sets.append(contentsOf: self.sets[number * self.wordCount..<(number + 1) * self.wordCount])
            sets.append(contentsOf: repeatElement(0, count: wanted - self.wordCount))
        }
        self.sets = sets
        self.wordCount = wanted
    }

    /// An entry that had `old` free blocks has `new`. With none it is in no set.
    mutating func move(_ entry: Int, from old: Int, to new: Int) {
        let bit: UInt64 = 1 << UInt64(entry & 63)
        if old > 0 {
            self.sets[(old - 1) * self.wordCount + entry >> 6] &= ~bit
            if self.next(old, from: 0) == nil { self.filled[(old - 1) >> 6] &= ~(1 << UInt64((old - 1) & 63)) }
        }
        guard new > 0 else { return }
        self.sets[(new - 1) * self.wordCount + entry >> 6] |= bit
        self.filled[(new - 1) >> 6] |= 1 << UInt64((new - 1) & 63)
    }

    /// Of the entries that are fit, the first of those with fewest free blocks.
    func fewest(where isFit: (Int) -> Bool) -> Int? {
        for index in self.filled.indices {
            var bits = self.filled[index]
            while bits != 0 {
                if let entry = self.first(index << 6 + bits.trailingZeroBitCount + 1, where: isFit) { return entry }
                bits &= bits &- 1
            }
        }
        return nil
    }

    /// Of the entries that are fit, the first of those with most free blocks.
    func most(where isFit: (Int) -> Bool) -> Int? {
        for index in self.filled.indices.reversed() {
            var bits = self.filled[index]
            while bits != 0 {
                let top = 63 - bits.leadingZeroBitCount
                if let entry = self.first(index << 6 + top + 1, where: isFit) { return entry }
                bits ^= 1 << UInt64(top)
            }
        }
        return nil
    }

    /// Whether an entry is in the set of `number` free blocks.
    func contains(_ entry: Int, _ number: Int) -> Bool {
        self.sets[(number - 1) * self.wordCount + entry >> 6] >> UInt64(entry & 63) & 1 == 1
    }

    private func first(_ number: Int, where isFit: (Int) -> Bool) -> Int? {
        var from = 0
        while let entry = self.next(number, from: from) {
            if isFit(entry) { return entry }
            from = entry + 1
        }
        return nil
    }

    /// The first entry at or after `entry` that has `number` free blocks.
    private func next(_ number: Int, from entry: Int) -> Int? {
        let base = (number - 1) * self.wordCount
        var index = entry >> 6
        var mask = UInt64.max << UInt64(entry & 63)
        while index < self.wordCount {
            let word = self.sets[base + index] & mask
            if word != 0 { return index << 6 + word.trailingZeroBitCount }
            index += 1
            mask = UInt64.max
        }
        return nil
    }
}
