// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The question put to a choker: which of these peers may ask us until the next round.
package struct ChokeRound: Sendable {
    /// When it is put.
    package var now: Instant
    /// Whether nothing is left to fetch, so that reciprocating has no meaning.
    package var isSeeding: Bool
    /// How many interested peers may be unchoked.
    package var slots: Int
    /// Every connected peer.
    package var peers: [ChokePeer]

    /// Puts a question.
    package init(now: Instant, isSeeding: Bool, slots: Int, peers: [ChokePeer]) {
        self.now = now
        self.isSeeding = isSeeding
        self.slots = slots
        self.peers = peers
    }
}
