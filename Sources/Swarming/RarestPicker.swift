// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The picker that needs no plugin: of a sample of what the peer has and we want, the piece with the fewest holders,
/// ties at random. Steps in when a plugin misbehaves or is missing.
package final class RarestPicker: PiecePicker {
    /// How many candidates are compared at most, from a random place on.
    private static let sampleSize = 256

    static let builtInName = "built-in rarest"

    package let name = RarestPicker.builtInName
    package let followsSuggestions = true
    private var holders: PieceHolders
    /// What a tracker counted; empty before it has.
    private var told: [UInt32] = []
    private var pickable: Bitfield
    private var random: SplitMix64

    /// A picker for `pieceCount` pieces, all wanted, no holders; equal seeds pick alike.
    package init(pieceCount: Int, random: SplitMix64) {
        self.holders = PieceHolders(pieceCount: pieceCount)
        self.pickable = Bitfield(count: pieceCount, filled: true)
        self.random = random
    }

    /// Whether `piece` exists and is wanted.
    package func isPickable(_ piece: PieceIndex) -> Bool {
        piece.offset < self.pickable.count && self.pickable[piece]
    }

    package func pieceGained(_ piece: PieceIndex) { self.holders.gain(piece) }
    package func pieceLost(_ piece: PieceIndex) { self.holders.lose(piece) }
    package func piecesGained(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        self.holders.gain(words, count: count)
    }
    package func piecesLost(_ words: UnsafeBufferPointer<UInt64>, count: Int) {
        self.holders.lose(words, count: count)
    }
    package func setTrackerCounts(_ first: PieceIndex, _ counts: UnsafeBufferPointer<UInt32>) {
        if self.told.isEmpty { self.told = Array(repeating: 0, count: self.pickable.count) }
        for (index, count) in counts.enumerated() where first.offset + index < self.told.count {
            self.told[first.offset + index] = count
        }
    }
    package func setPriority(_ piece: PieceIndex, _ priority: PiecePriority) {}

    package func setState(_ piece: PieceIndex, _ state: PieceState) {
        switch state {
        case .wanted: self.pickable.insert(piece)
        case .inFlight, .have, .unwanted: self.pickable.remove(piece)
        }
    }

    package func pick(
        for peer: PickerPeer, having words: UnsafeBufferPointer<UInt64>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int {
        guard !pieces.isEmpty, let best = self.rarest(in: words) else { return 0 }
        pieces[0] = best.rawValue
        return 1
    }

    private func rarest(in words: UnsafeBufferPointer<UInt64>) -> PieceIndex? {
        let wordCount = min(words.count, self.pickable.words.count)
        guard wordCount > 0, !self.pickable.isEmpty else { return nil }
        let start = Int(self.random.next(below: UInt64(wordCount)))
        var best: PieceIndex?
        var fewest = Int.max
        var ties: UInt64 = 0
        var seen = 0
        for step in 0..<wordCount {
            let index = start + step < wordCount ? start + step : start + step - wordCount
            var word = words[index] & self.pickable.words[index]
            while word != 0 {
                let piece = PieceIndex(index * 64 + word.trailingZeroBitCount)
                word &= word &- 1
                seen += 1
                // Connected peers are part of the swarm that the tracker counts, but not all of them tell it.
                let count = max(self.holders[piece], self.told.isEmpty ? 0 : Int(self.told[piece.offset]))
                guard count <= fewest else { continue }
                ties = count < fewest ? 1 : ties + 1
                fewest = count
                if self.random.next(below: ties) == 0 { best = piece }
            }
            if seen >= Self.sampleSize { break }
        }
        return best
    }
}
