// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a `PieceMapClient` must know of a torrent, and whom it tells what it learns. Everything is called from anywhere
/// and must not block.
package protocol MappedTorrent: AnyObject, Sendable {
    /// How many pieces it has.
    var pieceCount: Int { get }
    /// What it needs now.
    var need: MappedNeed { get }
    /// The pieces that are here; nil when it has ended.
    func have() async -> Bitfield?
    /// Wanted pieces that no connected peer has.
    func lonelyPieces() async -> [PieceIndex]
    /// Takes in how many have the pieces from one on, connected or not.
    func take(_ first: PieceIndex, counts: [UInt32])
    /// Takes in who has pieces that nobody else was known to have.
    func take(holders: [PeerEndpoint])
    /// Takes in the pieces that nobody has.
    func take(unsent pieces: [PieceIndex])
    /// The tracker does not know the torrent's peer: it is to announce itself.
    func wasForgotten() async
}
