// SPDX-License-Identifier: Apache-2.0

/// Random numbers that a seed repeats (xorshift).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        self.state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    }

    mutating func next() -> UInt64 {
        self.state ^= self.state << 13
        self.state ^= self.state >> 7
        self.state ^= self.state << 17
        return self.state &* 0x2545_f491_4f6c_dd1d
    }

    /// From 0 up to 1.
    mutating func share() -> Double { Double(self.next() >> 11) / Double(1 << 53) }
}
