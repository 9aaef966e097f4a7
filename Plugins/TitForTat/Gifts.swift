// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Slots that are given away, and those who might get one.
struct Gifts {
    /// Slots that are left.
    private(set) var left: Int
    /// Who gets one: places in the round.
    private(set) var given: [Int] = []
    private var waiting: [Candidate]

    init(left: Int, waiting: [Candidate]) {
        self.left = left
        self.waiting = waiting
    }

    /// Gives slots to those that have all of `traits`, in their order.
    mutating func give(atMost limit: Int = .max, to traits: Candidate.Traits = []) {
        var count = min(limit, self.left)
        var place = 0
        while count > 0, place < self.waiting.count {
            if self.waiting[place].traits.isSuperset(of: traits) {
                self.give(at: place)
                count -= 1
            } else {
                place += 1
            }
        }
    }

    /// Gives slots to those that have all of `traits`, at random by their weight.
    mutating func draw(
        _ random: inout RandomSource, atMost limit: Int = .max, from traits: Candidate.Traits = []
    ) {
        for _ in 0..<min(limit, self.left) {
            var total = 0
            for candidate in self.waiting where candidate.traits.isSuperset(of: traits) { total += candidate.weight }
            guard total > 0 else { return }
            var ticket = random.next(below: total)
            for place in 0..<self.waiting.count where self.waiting[place].traits.isSuperset(of: traits) {
                ticket -= self.waiting[place].weight
                guard ticket < 0 else { continue }
                self.give(at: place)
                break
            }
        }
    }

    private mutating func give(at place: Int) {
        self.given.append(self.waiting.remove(at: place).index)
        self.left -= 1
    }
}
