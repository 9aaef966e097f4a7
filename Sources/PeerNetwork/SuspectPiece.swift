// SPDX-License-Identifier: Apache-2.0

import PieceStore
import SwarmModel

/// A piece that did not match its hash and came from several, until it is here right: then the blocks that were others are
/// those that were wrong.
struct SuspectPiece {
    /// Who sends blocks. By address, because a liar may be gone, and its number another's, before it is known.
    enum Sender: Hashable {
        case peer(PeerEndpoint)
        case webSeed(String)
    }

    /// What came once.
    struct Attempt {
        let number: Int
        /// Who sent each block, where that is known.
        let senders: [Sender?]
        /// The hashes of the blocks, once they have been made.
        var leaves: [UInt8]?
    }

    /// Pieces that are kept of a torrent, and attempts of each.
    static let pieceLimit = 32
    static let attemptLimit = 4

    var attempts: [Attempt] = []
    /// What it should have been, once that is here.
    var right: PieceBuffer?
}
