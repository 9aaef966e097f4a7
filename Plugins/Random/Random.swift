// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Any wanted piece that a peer has, of the highest priority that it has some of.
final class Random: PieceTablePicker {
    /// Pieces drawn at random before a place to look from is: so long as a peer has a fair part of what is wanted, all are
    /// equally likely. Not worth it for one that has less than a piece in so many.
    private static let draws = 8
    /// Of these, how many are asked for before the first is looked at. Peers mostly have one of so few.
    private static let lookahead = 4

    private var random: RandomSource

    override init(_ setup: PluginSetup) {
        self.random = setup.random
        super.init(setup)
    }

    override func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        guard !pieces.isEmpty else { return 0 }
        let has = peer.pieces
        for priority in (1...7).reversed() where self.table.wantedCount(of: priority) > 0 {
            let drawn = peer.haveCount * Self.draws < self.table.pieceCount ? nil : self.drawn(priority, has)
            guard let piece = drawn ?? self.found(priority, has) else { continue }
            self.table.prefetch(piece)
            pieces[0] = piece
            return 1
        }
        return 0
    }

    private func drawn(_ priority: Int, _ has: PieceWords) -> UInt32? {
        self.prefetch(has)
        for _ in 0..<Self.draws {
            let piece = UInt32(self.random.next(below: self.table.pieceCount))
            if self.table.isWanted(piece, of: priority), has.contains(piece) { return piece }
        }
        return nil
    }

    /// Asks for what a peer has of the pieces that will be drawn first, so that the waits for them run side by side.
    private func prefetch(_ has: PieceWords) {
        var upcoming = self.random
        for _ in 0..<Self.lookahead { has.prefetch(UInt32(upcoming.next(below: self.table.pieceCount))) }
    }

    /// One of the first word, from a random one on, that has some.
    private func found(_ priority: Int, _ has: PieceWords) -> UInt32? {
        let start = self.random.next(below: has.count)
        guard var word = self.table.wantedWord(of: priority, had: has, from: start, around: true) else { return nil }
        for _ in 0..<self.random.next(below: word.pieces.nonzeroBitCount) { word.pieces &= word.pieces &- 1 }
        return UInt32(word.index << 6 + word.pieces.trailingZeroBitCount)
    }
}
