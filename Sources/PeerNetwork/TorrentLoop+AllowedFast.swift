// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PieceStore
import SwarmModel
import Swarming

extension TorrentLoop {
    /// Lets a peer that has next to nothing ask for a few pieces although it is choked, so that it soon has something to
    /// give (BEP 6).
    func allowFast(to connection: PeerConnection) {
        let session = connection.session
        guard session.usesFast, session.isChoking, session.remotePieces.setCount < AllowedFast.count,
            !self.swarm.have.isEmpty, self.superSeed == nil
        else { return }
        let pieces = AllowedFast.pieces(
            for: connection.endpoint.address, infoHash: self.infoHash, pieceCount: self.geometry.pieceCount,
            sha1: MetadataHash.sha1)
        connection.session.allowFast(pieces.filter { self.swarm.have[$0] && !session.remotePieces[$0] })
    }
}
