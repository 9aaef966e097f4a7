// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// Tit for tat as in Cohen 2003, 2.4, without its rule against snubbing: all slots but one go to those that send fastest, and
/// who sends nothing keeps its slot as long as nobody sends more. What the rule is worth is seen beside this.
final class PlainReciprocation: Choker {
    private static let optimisticInterval = Interval.seconds(30)

    let name = "plain"
    private var random: SplitMix64
    private var optimist: UInt64?
    private var since = Instant(nanoseconds: 0)

    init(seed: UInt64) {
        self.random = SplitMix64(seed: seed)
    }

    func decide(_ round: ChokeRound, unchoked: inout [Bool]) {
        let waiting = round.peers.indices.filter { round.peers[$0].isInterested }
        let ranked = waiting.sorted { left, right in
            let (one, other) = (round.peers[left], round.peers[right])
            if one.downRate != other.downRate { return one.downRate > other.downRate }
            if one.isUnchoked != other.isUnchoked { return one.isUnchoked }
            return one.serial < other.serial
        }
        let isLent = { (index: Int) in
            round.peers[index].serial == self.optimist && round.now - self.since < Self.optimisticInterval
        }
        let regular = ranked.filter { !isLent($0) }.prefix(max(0, round.slots - 1))
        for index in regular { unchoked[index] = true }
        if let index = waiting.first(where: isLent) {
            unchoked[index] = true
            return
        }
        let others = waiting.filter { !unchoked[$0] }
        guard !others.isEmpty else { return }
        let chosen = others[Int(self.random.next(below: UInt64(others.count)))]
        unchoked[chosen] = true
        self.optimist = round.peers[chosen].serial
        self.since = round.now
    }
}
