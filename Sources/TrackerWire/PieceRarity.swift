// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many have a piece.
package struct PieceRarity: Hashable, Sendable, BitwiseCopyable {
    /// The piece.
    package var piece: PieceIndex
    /// How many peers that report have it; seeds are not counted.
    package var holders: UInt32

    /// A piece and its holders.
    package init(piece: PieceIndex, holders: UInt32) {
        self.piece = piece
        self.holders = holders
    }
}
