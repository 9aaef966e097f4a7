// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Who has a piece.
package struct PieceHoldersEntry: Hashable, Sendable {
    /// The piece.
    package var piece: PieceIndex
    /// How many peers that report have it; seeds are not counted.
    package var holders: UInt32
    /// Where some of them are reached.
    package var peers: [PeerEndpoint]

    /// Takes everything as it is.
    package init(piece: PieceIndex, holders: UInt32, peers: [PeerEndpoint]) {
        self.piece = piece
        self.holders = holders
        self.peers = peers
    }
}
