// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Whom a seed serves: interested peers in turn, those that have waited longest first. Were it those that take fastest for
/// as long as they do, a seed would feed whoever nobody else feeds, for such a peer's line is free. Whoever takes less than
/// an eighth of what the others do has a third of a turn, so that the seed's line is not left idle either.
struct SeedTurns {
    /// Nanoseconds of a whole turn.
    private let length: Int64

    /// A turn is twice the time for which a slot is given to an optimist.
    init(interval: Int64) {
        self.length = 2 * interval
    }

    /// Who is served of those that wait, more of them than there are slots.
    func chosen(from waiting: [Int], _ round: RoundView, _ random: inout RandomSource) -> ArraySlice<Int> {
        let served = waiting.filter { round[$0].isUnchoked }
        var usual: UInt64 = 0
        for index in served { usual += round[index].upRate / UInt64(served.count) }
        let order = waiting.map { index in
            let peer = round[index]
            let isInTurn = round.isServed(index, within: peer.upRate >= usual / 8 ? self.length : self.length / 3)
            // Whose turns ended together wait in an order that is drawn anew each time, or the same would be last for ever.
            return Precedence(
                index: index, group: isInTurn ? 0 : peer.isUnchoked ? 2 : 1, rate: peer.isUnchoked ? peer.upRate : 0,
                since: peer.unchokedAt, tie: UInt64(random.next(below: Int(UInt16.max))))
        }
        return Precedence.order(order).prefix(round.slots)
    }
}
