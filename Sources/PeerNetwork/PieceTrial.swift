// SPDX-License-Identifier: Apache-2.0

import PieceStore
import SwarmModel
import Swarming

/// A piece that did not match its hash, while it is found out which of its blocks are wrong: peers are asked for the hashes
/// of the blocks, which are proved by the piece's own, so that it does not matter whom they come from (BEP 52).
struct PieceTrial {
    /// What a witness was asked for. Stays until it answers or is gone, so that an answer that comes late is known.
    struct Question {
        let witness: PeerSlot
        let range: HashRange
        let piece: PieceIndex
    }

    /// Witnesses that are asked at a time: one may be the liar, who says nothing.
    static let witnesses = 2
    /// Others are asked when these have not answered after so long.
    static let patience = Interval.seconds(10)
    /// Peers that are asked before the piece is given up.
    static let witnessLimit = 6
    /// Questions that are remembered of all trials of a torrent.
    static let questionLimit = 1_024

    let piece: PieceIndex
    /// The bytes that came.
    let buffer: PieceBuffer
    /// Who sent each block, where that is one peer for sure. Addresses, because a liar may be gone before it is known.
    let senders: [PeerEndpoint?]
    /// What the piece must hash to, and how many bytes of it are hashed.
    let hash: [UInt8]
    let length: Int
    /// What is asked for, in order, and the hashes that have been proved.
    let ranges: [HashRange]
    var leaves: [[UInt8]?]
    /// Who may still answer, asked last at `askedAt`.
    var awaited: [PeerSlot] = []
    var askedAt: Instant
    /// Who was asked at all.
    var asked: [PeerSlot] = []

    /// Whether the hashes of all blocks are here.
    var isProved: Bool { self.leaves.allSatisfy { $0 != nil } }
}
