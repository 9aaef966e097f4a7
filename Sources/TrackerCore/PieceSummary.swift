// SPDX-License-Identifier: Apache-2.0

/// What a torrent's piece map amounts to, for people.
package struct PieceSummary: Hashable, Sendable {
    /// Numbers of holders that are told apart; the last stands for that many or more.
    package static let classes = 17

    /// How many take part.
    package let counts: SwarmCounts
    /// Pieces of the torrent; 0 while nobody has reported any.
    package private(set) var pieces = 0
    /// Peers that report.
    package private(set) var reporters = 0
    /// Holders of the rarest piece, seeds included.
    package private(set) var minimum: Int
    /// Holders of a piece in the mean, seeds included.
    package private(set) var mean: Double
    /// How often the torrent is there as a whole: holders of the rarest piece, and the share of pieces that more have.
    package private(set) var distributedCopies: Double
    /// How many pieces have 0, 1, 2 … reporters, seeds left out.
    package private(set) var histogram: [Int] = []

    /// Of a torrent that nobody reports on: seeds are all that is known.
    package init(counts: SwarmCounts) {
        self.counts = counts
        self.minimum = counts.complete
        self.mean = Double(counts.complete)
        self.distributedCopies = Double(counts.complete)
    }

    init(_ map: PieceMap, _ counts: SwarmCounts) {
        self.init(counts: counts)
        self.pieces = Int(map.pieceCount)
        self.reporters = map.reporterCount
        self.histogram = Array(repeating: 0, count: Self.classes)
        var (least, above, sum) = (UInt32.max, 0, 0)
        for piece in 0..<self.pieces {
            let holders = map.counts[piece]
            self.histogram[min(Int(holders), Self.classes - 1)] += 1
            sum += Int(holders)
            if holders < least {
                least = holders
                above = piece
            } else if holders > least {
                above += 1
            }
        }
        self.minimum += Int(least)
        self.mean += Double(sum) / Double(self.pieces)
        self.distributedCopies = Double(self.minimum) + Double(above) / Double(self.pieces)
    }
}
