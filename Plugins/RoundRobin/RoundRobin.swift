// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// In turn. Interested peers are served for a turn each, those first that have waited longest, whatever they give. The
/// holders of pieces are asked in turn too: the first of all at random, then always the next one after the last.
final class RoundRobin: Choker {
    private let turn: Int64
    private var random: RandomSource
    /// Serial of the holder that was asked last; 0 before the first.
    private var lastAsked: UInt64 = 0

    init(_ setup: PluginSetup) {
        self.turn = setup.integer(0) * 1_000_000_000
        self.random = setup.random
        super.init()
    }

    override func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {
        var waiting = round.interested
        var left = round.slots
        for index in waiting where left > 0 && round.isServed(index, within: self.turn) {
            unchoked[index] = 1
            left -= 1
        }
        waiting.removeAll { unchoked[$0] != 0 }
        // Those whose turn is over were unchoked last but for the others that are not served: they come last by themselves,
        // and stay where nobody else waits.
        waiting.sort { left, right in
            if round[left].isUnchoked != round[right].isUnchoked { return !round[left].isUnchoked }
            return round.waitedLonger(left, right)
        }
        for index in waiting.prefix(max(left, 0)) { unchoked[index] = 1 }
    }

    override func chooseHolder(of piece: UInt32, among holders: RoundView) -> Int {
        var chosen = self.random.next(below: holders.peerCount)
        if self.lastAsked != 0 {
            chosen = 0
            for index in 1..<max(holders.peerCount, 1)
            where self.comesBefore(holders[index].serial, holders[chosen].serial) {
                chosen = index
            }
        }
        self.lastAsked = holders[chosen].serial
        return chosen
    }

    /// In the round that begins just after the last one asked.
    private func comesBefore(_ serial: UInt64, _ other: UInt64) -> Bool {
        let (isAfter, otherIsAfter) = (serial > self.lastAsked, other > self.lastAsked)
        return isAfter == otherIsAfter ? serial < other : isAfter
    }
}
