// SPDX-License-Identifier: Apache-2.0

/// A peer that is to be told CHOKE or UNCHOKE.
package struct UnchokeChange: Hashable, Sendable, BitwiseCopyable {
    /// Whom.
    package let slot: PeerSlot
    /// Whether it may ask us from now on.
    package let isUnchoked: Bool

    /// Names a change.
    package init(slot: PeerSlot, isUnchoked: Bool) {
        self.slot = slot
        self.isUnchoked = isUnchoked
    }
}
