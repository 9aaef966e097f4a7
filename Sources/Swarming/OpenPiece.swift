// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A piece under way: from its first request until its hash is known and it is written.
struct OpenPiece: BitwiseCopyable {
    var piece: PieceIndex
    /// Whether this entry is in use.
    var isOpen = true
    /// Every block has come; the buffer belongs to the hasher.
    var isHashing = false
    /// To be fetched from one peer alone, so that a second failure has a culprit.
    var isSolo = false
    var blockCount: Int32
    /// Blocks that nobody has been asked for.
    var free: Int32
    var received: Int32 = 0
    /// No free block lies before it.
    var cursor: Int32 = 0
    /// Peers that take their next blocks from it.
    var workers: Int32 = 0

    init(piece: PieceIndex, blockCount: Int, isSolo: Bool) {
        self.piece = piece
        self.blockCount = Int32(blockCount)
        self.free = Int32(blockCount)
        self.isSolo = isSolo
    }

    /// Has blocks to give and nobody who takes them.
    var isLoose: Bool { self.isOpen && self.free > 0 && self.workers == 0 }
    /// Blocks that somebody has been asked for.
    var requested: Int32 { self.blockCount - self.free - self.received }
}
