// SPDX-License-Identifier: Apache-2.0

import SwarmModel

// Which pieces are compared when reporters are ranked. It is one word of their rows, and another one from time to time.
extension PieceMap {
    /// Words of chance of which the one that tells reporters apart best is taken.
    private static let choices = 4
    /// A word is kept for so many answers, and for one to every so many reporters: looking into all rows takes its time.
    private static let leastAnswers = 16
    private static let reportersPerAnswer = 4

    /// Which of the compared pieces exist.
    var sketchMask: UInt64 {
        let rest = Int(self.pieceCount) - self.sketchedWord * 64
        return rest < 64 ? 1 << UInt64(rest) - 1 : .max
    }

    /// To be called for each answer; compares other pieces where it is time to.
    func renewSketches(random: inout SplitMix64) {
        guard self.rows.width > 1 else { return }
        guard self.sketchedAnswers == 0 else {
            self.sketchedAnswers -= 1
            return
        }
        self.sketchedAnswers = max(self.reporterCount / Self.reportersPerAnswer, Self.leastAnswers)
        let word = self.tellingWord(random: &random)
        guard word != self.sketchedWord else { return }
        self.sketchedWord = word
        let (present, rows) = (self.present, self.rows)
        for place in 0..<present.count {
            present.change(place) { $0.pieces = rows.row(Int($0.slot))[word] }
        }
    }

    /// The sketch of a reporter whose row has changed in the words `changed`.
    func sketch(_ slot: Int, _ changed: ClosedRange<Int>) {
        let word = self.sketchedWord
        guard changed.contains(word) else { return }
        let pieces = self.rows.row(slot)[word]
        self.present.change(Int(self.reporters[slot].place)) { $0.pieces = pieces }
    }

    /// Of a few words the one whose pieces about half have: what all have, or nobody, tells nothing of anybody.
    private func tellingWord(random: inout SplitMix64) -> Int {
        let (counts, all) = (self.counts, UInt32(self.reporterCount))
        var best = (word: self.sketchedWord, difference: -1)
        for _ in 0..<Self.choices {
            let word = Int(random.next(below: UInt64(self.rows.width)))
            var difference = 0
            for piece in word * 64..<min(word * 64 + 64, Int(self.pieceCount)) {
                difference += Int(min(counts[piece], all - counts[piece]))
            }
            if difference > best.difference { best = (word, difference) }
        }
        return best.word
    }
}
