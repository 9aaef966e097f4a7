// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a `PieceMapClient` must know of a torrent, and whom it tells what it learns. Everything is called from anywhere
/// and must not block.
package struct MappedTorrent: Sendable {
    /// What the torrent needs of a piece map.
    package enum Need: Hashable, Sendable {
        /// It downloads: its pieces are reported, and it is told how many have which.
        case download
        /// It has everything and serves somebody: it is told what nobody has.
        case source
        /// Nothing.
        case nothing
    }

    /// How many pieces it has.
    package var pieceCount: Int
    /// What it needs now.
    package var need: @Sendable () -> Need
    /// The pieces that are here; nil when it has ended.
    package var have: @Sendable () async -> Bitfield?
    /// Wanted pieces that no connected peer has.
    package var lonely: @Sendable () async -> [PieceIndex]
    /// Takes in how many have the pieces from one on, connected or not.
    package var onCounts: @Sendable (PieceIndex, [UInt32]) -> Void
    /// Takes in who has pieces that nobody else was known to have.
    package var onHolders: @Sendable ([PeerEndpoint]) -> Void
    /// Takes in the pieces that nobody has.
    package var onUnsent: @Sendable ([PieceIndex]) -> Void
    /// The tracker does not know the torrent's peer: it is to announce itself.
    package var onForgotten: @Sendable () async -> Void

    /// Takes everything as it is.
    package init(
        pieceCount: Int, need: @escaping @Sendable () -> Need, have: @escaping @Sendable () async -> Bitfield?,
        lonely: @escaping @Sendable () async -> [PieceIndex],
        onCounts: @escaping @Sendable (PieceIndex, [UInt32]) -> Void,
        onHolders: @escaping @Sendable ([PeerEndpoint]) -> Void,
        onUnsent: @escaping @Sendable ([PieceIndex]) -> Void, onForgotten: @escaping @Sendable () async -> Void
    ) {
        self.pieceCount = pieceCount
        self.need = need
        self.have = have
        self.lonely = lonely
        self.onCounts = onCounts
        self.onHolders = onHolders
        self.onUnsent = onUnsent
        self.onForgotten = onForgotten
    }
}
