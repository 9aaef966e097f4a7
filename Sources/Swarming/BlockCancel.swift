// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A request that has become needless: the peer in `slot` is to be told so.
package struct BlockCancel: Hashable, Sendable, BitwiseCopyable {
    /// Who was asked.
    package let slot: PeerSlot
    /// For what.
    package let block: BlockRange

    /// Pairs a peer with a block.
    package init(slot: PeerSlot, block: BlockRange) {
        self.slot = slot
        self.block = block
    }
}
