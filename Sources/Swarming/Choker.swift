// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Decides who may ask us for data, and may decide which holder of a piece we ask. Belongs to one torrent and is called on
/// its loop only, once a round and once a piece.
package protocol Choker: AnyObject {
    /// The strategy's name, for people.
    var name: String { get }

    /// Sets `unchoked[i]` for each peer `round.peers[i]` that may ask us; all are false at first. At most `round.slots`
    /// interested peers may be chosen.
    func decide(_ round: ChokeRound, unchoked: inout [Bool])

    /// Whether `chooseHolder` is to be called. A piece stays with the peer that it was picked for otherwise.
    var choosesHolders: Bool { get }

    /// Chooses who is asked for a piece that is about to be begun: the index of one of `holders.peers`, at least two. It was
    /// picked for the first of them; the others have it too, do not choke us, and are at work on no other piece. Nil for
    /// the first.
    func chooseHolder(of piece: PieceIndex, among holders: ChokeRound) -> Int?
}

extension Choker {
    /// A choker does not, unless it says so.
    package var choosesHolders: Bool { false }
    package func chooseHolder(of piece: PieceIndex, among holders: ChokeRound) -> Int? { nil }
}
