// SPDX-License-Identifier: Apache-2.0

/// A small seeded random generator (Steele, Lea, Flood 2014). The pure rooms draw from one that they were given, so
/// that a seed replays a run. Not for secrets.
@usableFromInline
package struct SplitMix64: RandomNumberGenerator, Sendable, BitwiseCopyable {
    @usableFromInline var state: UInt64

    /// Equal seeds give equal sequences.
    @inlinable
    package init(seed: UInt64) {
        self.state = seed
    }

    @inlinable
    package mutating func next() -> UInt64 {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var value = self.state
        value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return value ^ value >> 31
    }

    /// Even over 0 ..< `bound`, which must not be 0.
    @inlinable
    package mutating func next(below bound: UInt64) -> UInt64 {
        self.next().multipliedFullWidth(by: bound).high
    }
}
