// SPDX-License-Identifier: Apache-2.0

/// SipHash-2-4 (Aumasson, Bernstein 2012) of three words: a keyed hash whose values nobody can guess who does not know
/// the key.
package struct SipHash: Sendable, BitwiseCopyable {
    private let key: (low: UInt64, high: UInt64)

    /// A hash with this key.
    package init(key: (low: UInt64, high: UInt64)) {
        self.key = key
    }

    /// The hash of twenty-four bytes, given as little-endian words.
    package func hash(_ first: UInt64, _ second: UInt64, _ third: UInt64) -> UInt64 {
        var state = State(key)
        state.absorb(first)
        state.absorb(second)
        state.absorb(third)
        // The last block: no further bytes, and the length.
        state.absorb(24 << 56)
        return state.finish()
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(_ key: (low: UInt64, high: UInt64)) {
            self.v0 = key.low ^ 0x736f_6d65_7073_6575
            self.v1 = key.high ^ 0x646f_7261_6e64_6f6d
            self.v2 = key.low ^ 0x6c79_6765_6e65_7261
            self.v3 = key.high ^ 0x7465_6462_7974_6573
        }

        mutating func absorb(_ word: UInt64) {
            self.v3 ^= word
            self.round()
            self.round()
            self.v0 ^= word
        }

        mutating func finish() -> UInt64 {
            self.v2 ^= 0xff
            for _ in 0..<4 { self.round() }
            return self.v0 ^ self.v1 ^ self.v2 ^ self.v3
        }

        private mutating func round() {
            self.v0 &+= self.v1
            self.v1 = Self.rotate(self.v1, 13) ^ self.v0
            self.v0 = Self.rotate(self.v0, 32)
            self.v2 &+= self.v3
            self.v3 = Self.rotate(self.v3, 16) ^ self.v2
            self.v0 &+= self.v3
            self.v3 = Self.rotate(self.v3, 21) ^ self.v0
            self.v2 &+= self.v1
            self.v1 = Self.rotate(self.v1, 17) ^ self.v2
            self.v2 = Self.rotate(self.v2, 32)
        }

        private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
            value << count | value >> (64 - count)
        }
    }
}
