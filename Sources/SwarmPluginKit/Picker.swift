// SPDX-License-Identifier: Apache-2.0

/// Base of pickers in Swift: one instance a torrent. Override what is needed; `swarm_plugin.h` tells when each is called.
/// Piece numbers are always within the torrent.
open class Picker {
    /// A picker without state.
    public init() {}

    /// One connected peer more has `piece`.
    open func pieceGained(_ piece: UInt32) {}
    /// One connected peer less has `piece`.
    open func pieceLost(_ piece: UInt32) {}
    /// One connected peer more has each of the `setCount` pieces in `pieces`.
    open func piecesGained(_ pieces: PieceWords, setCount: Int) {}
    /// One connected peer less has each of the `setCount` pieces in `pieces`.
    open func piecesLost(_ pieces: PieceWords, setCount: Int) {}
    /// What a tracker counted: `counts[i]` holders of piece `first + i` in the whole swarm, instead of what was told before.
    open func trackerCounts(first: UInt32, _ counts: UnsafeBufferPointer<UInt32>) {}
    /// A piece's priority, 1 to 7, is now `priority`.
    open func setPriority(_ piece: UInt32, _ priority: UInt32) {}
    /// A piece's state is now `state`, a `SWARM_PIECE_` constant.
    open func setState(_ piece: UInt32, _ state: UInt32) {}
    /// Writes up to `pieces.count` different pieces to fetch from `peer`, best first, and returns how many.
    open func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int { 0 }
}
