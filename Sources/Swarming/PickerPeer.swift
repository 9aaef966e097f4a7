// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The peer that a piece is picked for. Its pieces are passed beside it. Shown for the length of one call.
package struct PickerPeer: BitwiseCopyable {
    /// Where it sits.
    package let slot: PeerSlot
    /// Number of pieces it has.
    package let haveCount: Int
    /// Payload bytes a second that come from it.
    package let downRate: Double
    /// When the question is asked.
    package let now: Instant
    /// Which words of its pieces are not 0: word `i` in bit `i % 64` of `summary[i / 64]`. Nil when that is not known.
    package let summary: UnsafePointer<UInt64>?

    /// Describes a peer.
    package init(
        slot: PeerSlot, haveCount: Int, downRate: Double, now: Instant, summary: UnsafePointer<UInt64>? = nil
    ) {
        self.slot = slot
        self.haveCount = haveCount
        self.downRate = downRate
        self.now = now
        self.summary = summary
    }
}
