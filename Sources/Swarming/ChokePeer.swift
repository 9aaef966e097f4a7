// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a choker sees of one peer.
package struct ChokePeer: Sendable, BitwiseCopyable {
    /// Where it sits; used again by others after it has left.
    package var slot: PeerSlot
    /// Its number among all peers that ever joined the torrent: never used again.
    package var serial: UInt64
    /// Whether it wants something from us.
    package var isInterested = false
    /// Whether it may ask us now.
    package var isUnchoked = false
    /// Whether it owes us: interesting to us, yet silent for `SwarmConfiguration.snubTime`.
    package var isSnubbed = false
    /// Whether it has every piece.
    package var isSeed = false
    /// Whether it joined less than three choke intervals ago.
    package var isNewcomer = false
    /// Payload bytes a second from it to us.
    package var downRate: Double = 0
    /// Payload bytes a second from us to it.
    package var upRate: Double = 0
    /// When it joined.
    package var joinedAt: Instant
    /// When it was last unchoked; nil when it never was.
    package var unchokedAt: Instant?

    /// A peer that joined and has done nothing yet.
    package init(slot: PeerSlot, serial: UInt64, joinedAt: Instant) {
        self.slot = slot
        self.serial = serial
        self.joinedAt = joinedAt
    }
}
