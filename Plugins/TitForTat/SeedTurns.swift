// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Whom a seed serves: interested peers in turn, those that have waited longest first. Were it those that take fastest for
/// as long as they do, a seed would feed whoever nobody else feeds, for such a peer's line is free. Whoever takes less than
/// an eighth of what the others do has a third of a turn, so that the seed's line is not left idle either.
struct SeedTurns {
    /// Who did not even take what it was offered waits so many nanoseconds longer for its next turn.
    private static let penalty: Int64 = 120_000_000_000

    /// Nanoseconds of a whole turn.
    private let length: Int64

    /// A turn is twice the time for which a slot is given to an optimist.
    init(interval: Int64) {
        self.length = 2 * interval
    }

    /// Who is served of those that wait, more of them than there are slots. The turn of one that is deaf, and has probably
    /// fallen silent, is over at once: where a seed serves two, that is half of its line.
    func chosen(
        from waiting: [Int], _ round: RoundView, _ random: inout RandomSource, isDeaf: (ChokePeerView) -> Bool
    ) -> ArraySlice<Int> {
        let served = waiting.filter { round[$0].isUnchoked }
        var usual: UInt64 = 0
        for index in served { usual += round[index].upRate / UInt64(served.count) }
        let penalties = waiting.map { isDeaf(round[$0]) ? Self.penalty : 0 }
        let isInTurn = waiting.indices.map { place in
            let index = waiting[place]
            let length = round[index].upRate >= usual / 8 ? self.length : self.length / 3
            return penalties[place] == 0 && round.isServed(index, within: length)
        }
        // Whose turns ended together wait in an order that is drawn anew each time, or the same would be last for ever.
        let tickets = waiting.map { _ in random.next(below: Int(UInt16.max)) }
        var order = Array(waiting.indices)
        order.sort { left, right in
            if isInTurn[left] != isInTurn[right] { return isInTurn[left] }
            let (one, other) = (waiting[left], waiting[right])
            if round[one].isUnchoked != round[other].isUnchoked { return isInTurn[left] == round[one].isUnchoked }
            if round[one].isUnchoked, round[one].upRate != round[other].upRate {
                return round[one].upRate > round[other].upRate
            }
            let since = round[one].unchokedAt &+ penalties[left]
            let until = round[other].unchokedAt &+ penalties[right]
            return since != until ? since < until : tickets[left] < tickets[right]
        }
        return order.map { waiting[$0] }.prefix(round.slots)
    }
}
