// SPDX-License-Identifier: Apache-2.0

/// The measured payload rates of one peer, given to a choke round.
package struct PeerTraffic: Hashable, Sendable, BitwiseCopyable {
    /// Whose.
    package var slot: PeerSlot
    /// Bytes a second from it to us.
    package var downRate: Double
    /// Bytes a second from us to it.
    package var upRate: Double

    /// States rates.
    package init(slot: PeerSlot, downRate: Double, upRate: Double) {
        self.slot = slot
        self.downRate = downRate
        self.upRate = upRate
    }
}
