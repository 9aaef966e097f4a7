// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The choker that needs no plugin: interested peers in turn. One that has been served for half a minute makes room
/// when others wait. Steps in when a plugin misbehaves or is missing.
package final class TurnChoker: Choker {
    private static let turn = Interval.seconds(30)

    static let builtInName = "built-in turns"

    package let name = TurnChoker.builtInName

    /// A choker without memory.
    package init() {}

    package func decide(_ round: ChokeRound, unchoked: inout [Bool]) {
        let waiting = round.peers.indices.filter { round.peers[$0].isInterested }
        let order = waiting.sorted { self.rank(round.peers[$0], round.now) < self.rank(round.peers[$1], round.now) }
        for index in order.prefix(round.slots) { unchoked[index] = true }
    }

    /// Those in the middle of their turn first, then those that have waited longest, then those whose turn is over.
    private func rank(_ peer: ChokePeer, _ now: Instant) -> (Int, Int64, UInt64) {
        guard let unchokedAt = peer.unchokedAt else { return (1, peer.joinedAt.nanoseconds, peer.serial) }
        guard peer.isUnchoked else { return (1, unchokedAt.nanoseconds, peer.serial) }
        return (now - unchokedAt < Self.turn ? 0 : 2, unchokedAt.nanoseconds, peer.serial)
    }
}
