// SPDX-License-Identifier: Apache-2.0

import CSwarmPlugin
import SwarmPluginKit

/// Tit for tat (Cohen 2003). All slots but one go to the interested peers that send to us fastest, or, when we seed, that
/// take from us fastest. The last slot is optimistic: somebody at random, newcomers three times as likely, for half a
/// minute. A peer that snubs us earns no slot; those that nobody has earned are given at random as well.
final class TitForTat: Choker {
    private static let newcomerWeight = 3

    private var random: RandomSource
    private let optimisticInterval: Int64
    /// Serial of the peer in the optimistic slot; 0 for nobody.
    private var optimist: UInt64 = 0
    private var optimistSince: Int64 = 0

    init(_ setup: PluginSetup) {
        self.random = setup.random
        self.optimisticInterval = setup.integer(0) * 1_000_000_000
        super.init()
    }

    override func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {
        var waiting = (0..<round.peerCount).filter { round[$0].isInterested }
        guard round.slots > 0, !waiting.isEmpty else { return }
        guard waiting.count > round.slots else {
            for index in waiting { unchoked[index] = 1 }
            return
        }
        let earned = self.ranked(waiting, round)
        var left = round.slots
        for index in earned.prefix(self.earnedSlots(round, waiting)) {
            if round[index].serial == self.optimist { self.optimist = 0 }
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        if left > 0, let index = self.chooseOptimist(round, waiting) {
            unchoked[index] = 1
            left -= 1
            waiting.removeAll { $0 == index }
        }
        self.giveAway(left, round, &waiting, unchoked)
    }

    /// All slots but the optimistic one. A single slot is optimistic now and then.
    private func earnedSlots(_ round: RoundView, _ waiting: [Int]) -> Int {
        guard round.slots == 1 else { return round.slots - 1 }
        return self.optimistStays(round, waiting) || self.random.next(below: 4) == 0 ? 0 : 1
    }

    /// Those that have earned a slot, best first; of equals, those that have one.
    private func ranked(_ waiting: [Int], _ round: RoundView) -> [Int] {
        var earned = waiting.filter { Self.merit(round[$0], round) > 0 }
        earned.sort { left, right in
            let (one, other) = (Self.merit(round[left], round), Self.merit(round[right], round))
            if one != other { return one > other }
            if round[left].isUnchoked != round[right].isUnchoked { return round[left].isUnchoked }
            return round[left].serial < round[right].serial
        }
        return earned
    }

    private static func merit(_ peer: ChokePeerView, _ round: RoundView) -> UInt64 {
        if round.isSeeding { return peer.upRate }
        return peer.isSnubbed ? 0 : peer.downRate
    }

    private func optimistStays(_ round: RoundView, _ waiting: [Int]) -> Bool {
        guard self.optimist != 0, round.now - self.optimistSince < self.optimisticInterval else { return false }
        return waiting.contains { round[$0].serial == self.optimist }
    }

    /// The peer in the optimistic slot if its time is not over, else another at random.
    private func chooseOptimist(_ round: RoundView, _ waiting: [Int]) -> Int? {
        if self.optimistStays(round, waiting) {
            return waiting.first { round[$0].serial == self.optimist }
        }
        let others = waiting.filter { round[$0].serial != self.optimist }
        guard let index = self.draw(round, others.isEmpty ? waiting : others) else { return nil }
        self.optimist = round[index].serial
        self.optimistSince = round.now
        return index
    }

    /// Slots that nobody has earned: first to those that have one and do not snub us, then at random.
    private func giveAway(
        _ count: Int, _ round: RoundView, _ waiting: inout [Int], _ unchoked: UnsafeMutableBufferPointer<UInt8>
    ) {
        var left = count
        for index in waiting where left > 0 && round[index].isUnchoked && !round[index].isSnubbed {
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        while left > 0, let index = self.draw(round, waiting) {
            unchoked[index] = 1
            left -= 1
            waiting.removeAll { $0 == index }
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
