// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// For the greatest flow among friends: the slots go to the peers that send to us fastest or, when we want nothing, take
/// fastest, and pieces are asked of the holder that sends fastest. Whoever gives nothing gets what is left over. So that
/// speeds become known one slot is lent, for a while each, to those that wait, in turn.
final class Fastest: Choker {
    private let probeInterval: Int64

    init(_ setup: PluginSetup) {
        self.probeInterval = setup.integer(0) * 1_000_000_000
        super.init()
    }

    override func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {
        var waiting = round.interested
        waiting.sort { left, right in
            let (one, other) = (round.yield(left), round.yield(right))
            if one != other { return one > other }
            if round[left].isUnchoked != round[right].isUnchoked { return round[left].isUnchoked }
            return round.waitedLonger(left, right)
        }
        let kept = waiting.count > round.slots && round.slots > 1 ? round.slots - 1 : round.slots
        for index in waiting.prefix(max(kept, 0)) where round.yield(index) > 0 { unchoked[index] = 1 }
        waiting.removeAll { unchoked[$0] != 0 }
        var left = round.slots
        for flag in unchoked { left -= Int(flag) }
        self.probe(left, round, &waiting, unchoked)
    }

    /// Slots that nobody has earned: to those whose trial goes on, then to those that have waited longest.
    private func probe(
        _ count: Int, _ round: RoundView, _ waiting: inout [Int], _ unchoked: UnsafeMutableBufferPointer<UInt8>
    ) {
        var left = count
        for index in waiting where left > 0 && round.isServed(index, within: self.probeInterval) {
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        waiting.sort { left, right in
            if round[left].isUnchoked != round[right].isUnchoked { return !round[left].isUnchoked }
            return round.waitedLonger(left, right)
        }
        for index in waiting.prefix(max(left, 0)) { unchoked[index] = 1 }
    }

    override func chooseHolder(of piece: UInt32, among holders: RoundView) -> Int {
        var chosen = 0
        for index in 1..<max(holders.peerCount, 1) where holders[index].downRate > holders[chosen].downRate {
            chosen = index
        }
        return chosen
    }
}
