// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Decides which piece to fetch next from a peer. Belongs to one torrent and is called on its loop only, once a piece
/// or once a HAVE, never once a block.
///
/// A new picker has every piece `wanted`, at normal priority and with no holders; the machine tells it the rest. Words
/// are those of `Bitfield`: piece `i` in bit `i % 64` of word `i / 64`, spare bits 0, valid during the call only.
package protocol PiecePicker: AnyObject {
    /// The strategy's name, for people.
    var name: String { get }
    /// Whether what a source suggests goes before its own choice. Only where the aim is to spread pieces: whoever chose
    /// another order gets that order.
    var followsSuggestions: Bool { get }

    /// One connected peer more has `piece`.
    func pieceGained(_ piece: PieceIndex)
    /// One connected peer less has `piece`.
    func pieceLost(_ piece: PieceIndex)
    /// One peer more has each of the `count` pieces set in `words`.
    func piecesGained(_ words: UnsafeBufferPointer<UInt64>, count: Int)
    /// One peer less has each of the `count` pieces set in `words`.
    func piecesLost(_ words: UnsafeBufferPointer<UInt64>, count: Int)

    /// What a tracker counted: `counts[i]` holders of the piece `i` after `first` in the whole swarm, connected or not, instead of
    /// what was told of these pieces before. All of them exist.
    func setTrackerCounts(_ first: PieceIndex, _ counts: UnsafeBufferPointer<UInt32>)

    /// Tells how much a piece matters. Never `unwanted`: that is a state.
    func setPriority(_ piece: PieceIndex, _ priority: PiecePriority)
    /// Tells what became of a piece.
    func setState(_ piece: PieceIndex, _ state: PieceState)

    /// Writes up to `pieces.count` different piece numbers, best first, each wanted and set in `words` (what the peer
    /// has), and returns how many; 0 when there is none.
    func pick(
        for peer: PickerPeer, having words: UnsafeBufferPointer<UInt64>, into pieces: UnsafeMutableBufferPointer<UInt32>
    ) -> Int
}
