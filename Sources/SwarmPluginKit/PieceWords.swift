// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin

/// A set of pieces that the host shows for the length of one call: piece `i` in bit `i % 64` of word `i / 64`.
public struct PieceWords {
    private let base: UnsafePointer<UInt64>
    private let summaryBase: UnsafePointer<UInt64>?
    /// Number of words.
    public let count: Int

    init(_ base: UnsafePointer<UInt64>, count: Int, summary: UnsafePointer<UInt64>? = nil) {
        self.base = base
        self.summaryBase = summary
        self.count = count
    }

    /// The word at `index`, which must be below `count`.
    public subscript(index: Int) -> UInt64 { self.base[index] }

    /// Which of the words from `64 * index` on, an existing one, are not 0. Tells too many when the host does not say.
    public func summary(_ index: Int) -> UInt64 { self.summaryBase.map { $0[index] } ?? UInt64.max }

    /// Whether `piece`, which must be one of the torrent, is in the set.
    public func contains(_ piece: UInt32) -> Bool {
        self.base[Int(piece >> 6)] >> UInt64(piece & 63) & 1 == 1
    }

    /// Asks for what `contains` will look at, and does not wait for it: what many peers have of many pieces is in no cache.
    public func prefetch(_ piece: UInt32) { swarm_prefetch(self.base + Int(piece >> 6)) }

    /// Calls `body` with each piece of the set, in rising order.
    public func forEach(_ body: (UInt32) -> Void) {
        for index in 0..<self.count {
            var word = self.base[index]
            while word != 0 {
                body(UInt32(index << 6 + word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
    }
}
