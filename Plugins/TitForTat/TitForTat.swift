// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Tit for tat (Cohen 2003). All slots but one go to the interested peers that send to us fastest or, when we seed, take
/// from us fastest. The last slot is optimistic: somebody at random, newcomers three times as likely, for half a minute.
///
/// A peer that snubs us earns no slot, but may be an optimist. Slots that nobody has earned are optimistic as well, and
/// where most of our partners snub us one more is: so a peer that was dropped by all finds others soon.
final class TitForTat: Choker {
    private static let newcomerWeight = 3

    private var random: RandomSource
    private let optimisticInterval: Int64

    init(_ setup: PluginSetup) {
        self.random = setup.random
        self.optimisticInterval = setup.integer(0) * 1_000_000_000
        super.init()
    }

    override func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {
        var waiting = round.interested
        guard waiting.count > round.slots else {
            for index in waiting { unchoked[index] = 1 }
            return
        }
        let earned = self.ranked(waiting, round)
        var left = round.slots
        for index in earned.prefix(self.earnedSlots(round, waiting, earned)) {
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        self.giveAway(left, round, &waiting, unchoked)
    }

    /// How many slots are to be earned. A single slot is optimistic now and then.
    private func earnedSlots(_ round: RoundView, _ waiting: [Int], _ earned: [Int]) -> Int {
        guard round.slots > 1 else {
            let isLent = waiting.contains { $0 != earned.first && round.isServed($0, within: self.optimisticInterval) }
            return round.slots == 0 || isLent || self.random.next(below: 4) == 0 ? 0 : 1
        }
        let snubbing = round.isSeeding ? 0 : waiting.count { round[$0].isSnubbed }
        return snubbing > earned.count && round.slots > 2 ? round.slots - 2 : round.slots - 1
    }

    /// Those that have earned a slot, best first; of equals, those that have one.
    private func ranked(_ waiting: [Int], _ round: RoundView) -> [Int] {
        var earned = waiting.filter { self.merit($0, round) > 0 }
        earned.sort { left, right in
            let (one, other) = (round.yield(left), round.yield(right))
            if one != other { return one > other }
            if round[left].isUnchoked != round[right].isUnchoked { return round[left].isUnchoked }
            return round[left].serial < round[right].serial
        }
        return earned
    }

    private func merit(_ index: Int, _ round: RoundView) -> UInt64 {
        !round.isSeeding && round[index].isSnubbed ? 0 : round.yield(index)
    }

    /// Optimistic slots: to those that have had one for less than half a minute, then to others at random, and to those whose
    /// time is over only when nobody else is left.
    private func giveAway(
        _ count: Int, _ round: RoundView, _ waiting: inout [Int], _ unchoked: UnsafeMutableBufferPointer<UInt8>
    ) {
        var left = count
        for index in waiting where left > 0 && round.isServed(index, within: self.optimisticInterval) {
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        for areUnchoked in [false, true] {
            var candidates = waiting.filter { round[$0].isUnchoked == areUnchoked }
            while left > 0, let index = self.draw(round, candidates) {
                unchoked[index] = 1
                left -= 1
                candidates.removeAll { $0 == index }
            }
        }
    }

    /// One at random, newcomers three times as likely.
    private func draw(_ round: RoundView, _ candidates: [Int]) -> Int? {
        let weights = candidates.map { round[$0].isNewcomer ? Self.newcomerWeight : 1 }
        var ticket = self.random.next(below: weights.reduce(0, +))
        for (place, index) in candidates.enumerated() {
            ticket -= weights[place]
            if ticket < 0 { return index }
        }
        return nil
    }
}
