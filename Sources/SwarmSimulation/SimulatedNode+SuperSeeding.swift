// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// What PeerNetwork's loop does for a source that super-seeds (BEP 16).
extension SimulatedNode {
    /// A peer has got pieces, one or as many as its session knows of.
    func notePassing(_ piece: PieceIndex?, by connection: SimulatedConnection) {
        guard self.superSeed != nil, let slot = connection.slot else { return }
        if let piece {
            for other in self.superSeed?.gained(piece, by: slot, at: self.now) ?? [] {
                guard let peer = self.peers[other] else { continue }
                self.reveal(to: peer)
                self.flush(peer)
            }
        } else {
            self.superSeed?.joined(having: connection.session.remotePieces)
        }
        guard self.superSeed?.isDone == false else { return self.endSuperSeeding() }
        self.reveal(to: connection)
    }

    /// Shows everybody what is due.
    func revealPieces() {
        guard self.superSeed != nil else { return }
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.reveal(to: connection)
            self.flush(connection)
        }
    }

    private func reveal(to connection: SimulatedConnection) {
        guard let slot = connection.slot, !connection.session.remoteIsUploadOnly else { return }
        let others = self.peers.count { $0 != nil && $0 !== connection && $0?.session.remoteIsUploadOnly == false }
        let pieces = self.superSeed?.reveal(
            to: slot, having: connection.session.remotePieces, isAlone: others == 0, at: self.now)
        for piece in pieces ?? [] { connection.session.announceHave(piece) }
    }

    private func endSuperSeeding() {
        self.superSeed = nil
        for connection in self.connections {
            self.swarm.have.forEachSet { connection.session.announceHave($0) }
            self.flush(connection)
        }
    }
}
