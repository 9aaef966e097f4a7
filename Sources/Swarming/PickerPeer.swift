// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The peer that a piece is picked for. Its pieces are passed beside it.
package struct PickerPeer: Sendable, BitwiseCopyable {
    /// Where it sits.
    package let slot: PeerSlot
    /// Number of pieces it has.
    package let haveCount: Int
    /// Payload bytes a second that come from it.
    package let downRate: Double
    /// When the question is asked.
    package let now: Instant

    /// Describes a peer.
    package init(slot: PeerSlot, haveCount: Int, downRate: Double, now: Instant) {
        self.slot = slot
        self.haveCount = haveCount
        self.downRate = downRate
        self.now = now
    }
}
