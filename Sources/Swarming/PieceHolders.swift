// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many connected peers have each piece: two bytes a piece, and one counter for those that have all.
package struct PieceHolders: Sendable {
    private let pieceCount: Int
    /// Empty before anybody has some of the pieces: many torrents have no peer, or none but those that have everything.
    private var counts: [UInt16] = []
    /// Holders of every piece that are not in `counts`.
    private var everywhere = 0

    /// No holders of `pieceCount` pieces.
    package init(pieceCount: Int) {
        self.pieceCount = pieceCount
    }

    /// Holders of `piece`, which must exist.
    package subscript(piece: PieceIndex) -> Int {
        self.counts.isEmpty ? self.everywhere : Int(self.counts[piece.offset]) + self.everywhere
    }

    /// One holder more of `piece`.
    package mutating func gain(_ piece: PieceIndex) {
        self.prepareCounts()
        if self.counts[piece.offset] < UInt16.max { self.counts[piece.offset] += 1 }
    }

    /// One holder less of `piece`.
    package mutating func lose(_ piece: PieceIndex) {
        self.prepareCounts()
        if self.counts[piece.offset] == 0 { self.spread() }
        if self.counts[piece.offset] > 0 { self.counts[piece.offset] -= 1 }
    }

    /// One holder more of the `count` pieces set in `words`.
    package mutating func gain(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        guard count < self.pieceCount else {
            self.everywhere += 1
            return
        }
        Self.forEachSet(words) { self.gain($0) }
    }

    /// One holder less of the `count` pieces set in `words`.
    package mutating func lose(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        guard count < self.pieceCount || self.everywhere == 0 else {
            self.everywhere -= 1
            return
        }
        Self.forEachSet(words) { self.lose($0) }
    }

    /// Whether nobody but those who have everything has one of the pieces set in `words`. Costs a pass over these pieces
    /// until one is found.
    package func isAnyAtSeedsOnly(_ words: UnsafeBufferPointer<UInt64>) -> Bool {
        for (index, var word) in words.enumerated() {
            while word != 0 {
                if self.counts.isEmpty || self.counts[index * 64 + word.trailingZeroBitCount] == 0 { return true }
                word &= word &- 1
            }
        }
        return false
    }

    /// Whether some piece has no holder. Costs a pass over all pieces, unless somebody has all of them.
    package var isAnyUnheld: Bool {
        self.everywhere == 0 && (self.counts.isEmpty ? self.pieceCount > 0 : self.counts.contains(0))
    }

    /// What the counts amount to. Costs a pass over all pieces.
    package var summary: AvailabilitySummary {
        guard self.pieceCount > 0 else { return AvailabilitySummary(minimum: 0, distributedCopies: 0) }
        guard let least = self.counts.min() else {
            return AvailabilitySummary(minimum: self.everywhere, distributedCopies: Double(self.everywhere))
        }
        let above = self.counts.count { $0 > least }
        let minimum = Int(least) + self.everywhere
        let share = Double(above) / Double(self.counts.count)
        return AvailabilitySummary(minimum: minimum, distributedCopies: Double(minimum) + share)
    }

    private mutating func prepareCounts() {
        if self.counts.isEmpty { self.counts = Array(repeating: 0, count: self.pieceCount) }
    }

    /// Counts one of the holders of everything piece by piece, because it is about to lose some.
    private mutating func spread() {
        guard self.everywhere > 0 else { return }
        self.everywhere -= 1
        for index in self.counts.indices where self.counts[index] < UInt16.max { self.counts[index] += 1 }
    }

    private static func forEachSet(_ words: UnsafeBufferPointer<UInt64>, _ body: (PieceIndex) -> Void) {
        for (index, var word) in words.enumerated() {
            while word != 0 {
                body(PieceIndex(index * 64 + word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
    }
}
