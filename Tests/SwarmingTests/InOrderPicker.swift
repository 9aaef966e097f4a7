// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// Picks the first wanted piece that the peer has, and remembers what it was told.
final class InOrderPicker: PiecePicker {
    let name = "in order"
    var followsSuggestions = true
    private(set) var states: [PieceState]
    private(set) var priorities: [PiecePriority]
    private(set) var holders: [Int]
    private(set) var trackerCounts: [Int: UInt32] = [:]
    private(set) var askedCount = 0
    /// Answers this instead, when set.
    var lie: UInt32?

    init(pieceCount: Int) {
        self.states = Array(repeating: .wanted, count: pieceCount)
        self.priorities = Array(repeating: .normal, count: pieceCount)
        self.holders = Array(repeating: 0, count: pieceCount)
    }

    func pieceGained(_ piece: PieceIndex) { self.holders[piece.offset] += 1 }
    func pieceLost(_ piece: PieceIndex) { self.holders[piece.offset] -= 1 }
    func setPriority(_ piece: PieceIndex, _ priority: PiecePriority) { self.priorities[piece.offset] = priority }
    func setState(_ piece: PieceIndex, _ state: PieceState) { self.states[piece.offset] = state }

    func piecesGained(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        for piece in self.holders.indices where words[piece / 64] >> UInt64(piece % 64) & 1 == 1 {
            self.holders[piece] += 1
        }
    }

    func piecesLost(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        for piece in self.holders.indices where words[piece / 64] >> UInt64(piece % 64) & 1 == 1 {
            self.holders[piece] -= 1
        }
    }

    func setTrackerCounts(_ first: PieceIndex, _ counts: UnsafeBufferPointer<UInt32>) {
        for (index, count) in counts.enumerated() { self.trackerCounts[first.offset + index] = count }
    }

    func pick(
        for peer: PickerPeer, having words: UnsafeBufferPointer<UInt64>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        self.askedCount += 1
        if let lie = self.lie {
            pieces[0] = lie
            return 1
        }
        for piece in self.states.indices
        where self.states[piece] == .wanted && words[piece / 64] >> UInt64(piece % 64) & 1 == 1 {
            pieces[0] = UInt32(piece)
            return 1
        }
        return 0
    }
}
