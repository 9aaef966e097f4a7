// SPDX-License-Identifier: Apache-2.0

package import PieceStore
package import SwarmModel

/// Hears of what happens in a torrent. All calls come on the torrent's loop and must return at once.
package protocol TorrentObserver: AnyObject, Sendable {
    /// These pieces are on disk and synchronised: they may be recorded as had.
    func torrent(_ infoHash: InfoHash, hasDurably pieces: Bitfield)
    /// Every piece is here.
    func torrentCompleted(_ infoHash: InfoHash)
    /// Peers gave the metadata, which match the info-hash: the info dictionary. The torrent waits for `TorrentHandle.adopt`.
    func torrent(_ infoHash: InfoHash, gotMetadata metadata: [UInt8])
    /// Peers gave the piece layers that `TorrentHandle.fetchLayers` named, by root, 32 bytes a piece; they lead to the roots.
    func torrent(_ infoHash: InfoHash, gotPieceLayers layers: [[UInt8]: [UInt8]])
    /// Storage failed: nothing is requested until a retry works.
    func torrent(_ infoHash: InfoHash, suspendedBy error: StorageError)
    /// A retry worked.
    func torrentResumed(_ infoHash: InfoHash)
    /// A piece did not match its hash; `culprits` are the peers that sent parts of it.
    func torrent(_ infoHash: InfoHash, hashFailedFor piece: PieceIndex, culprits: [PeerEndpoint])
    /// The v1 and v2 hashes of a piece of a hybrid disagree, so that no bytes are right: it will never be had. The torrent is
    /// to be stopped.
    func torrent(_ infoHash: InfoHash, contradictsItselfIn piece: PieceIndex)
    /// A web seed is not asked any more.
    func torrent(_ infoHash: InfoHash, droppedWebSeed url: String, reason: String)
    /// An address was banned.
    func torrent(_ infoHash: InfoHash, banned peer: PeerEndpoint, reason: String)
}
