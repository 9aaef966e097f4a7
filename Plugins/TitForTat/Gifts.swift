// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Slots that are given away, and those who might get one.
struct Gifts {
    /// Slots that are left.
    private(set) var left: Int
    /// Who gets one.
    private(set) var given: [Int] = []
    private var waiting: [Int]

    init(left: Int, waiting: [Int]) {
        self.left = left
        self.waiting = waiting
    }

    /// Gives slots to those for which `condition` holds, in their order.
    mutating func give(atMost limit: Int = .max, to condition: (Int) -> Bool) {
        for index in self.waiting.filter(condition).prefix(min(limit, self.left)) { self.give(to: index) }
    }

    /// Gives slots to those for which `condition` holds, at random by their `weight`, which is at least 1.
    mutating func draw(
        _ random: inout RandomSource, atMost limit: Int = .max, _ weight: (Int) -> Int, from condition: (Int) -> Bool
    ) {
        var candidates = self.waiting.filter(condition)
        for _ in 0..<min(limit, self.left, candidates.count) {
            var ticket = random.next(below: candidates.reduce(0) { $0 + weight($1) })
            let place = candidates.firstIndex {
                ticket -= weight($0)
                return ticket < 0
            }
            guard let place else { return }
            self.give(to: candidates.remove(at: place))
        }
    }

    private mutating func give(to index: Int) {
        self.given.append(index)
        self.waiting.removeAll { $0 == index }
        self.left -= 1
    }
}
