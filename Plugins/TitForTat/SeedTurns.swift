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
        let order = waiting.map { index in
            let peer = round[index]
            let isDeaf = isDeaf(peer)
            let length = peer.upRate >= usual / 8 ? self.length : self.length / 3
            let isInTurn = !isDeaf && round.isServed(index, within: length)
            // Whose turns ended together wait in an order that is drawn anew each time, or the same would be last for ever.
            return Precedence(
                index: index, group: isInTurn ? 0 : peer.isUnchoked ? 2 : 1, rate: peer.isUnchoked ? peer.upRate : 0,
                since: peer.unchokedAt &+ (isDeaf ? Self.penalty : 0), tie: UInt64(random.next(below: Int(UInt16.max))))
        }
        return Precedence.order(order).prefix(round.slots)
    }
}
