// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// A source that shows each peer only what nobody else has (BEP 16).
extension TorrentLoop {
    /// Begins or ends super-seeding. It begins for peers that connect from now on; its end shows everything to all.
    func setSuperSeeding(_ isOn: Bool) {
        self.wantsSuperSeeding = isOn
        guard isOn else { return self.endSuperSeeding() }
        self.beginSuperSeeding()
    }

    /// Begins it when it is wanted and there is something to hide.
    func beginSuperSeeding() {
        guard self.wantsSuperSeeding, self.isComplete, self.phase == .seeding, self.superSeed == nil else { return }
        var plan = SuperSeed(pieceCount: self.geometry.pieceCount, random: &self.seeds)
        for connection in self.peers {
            guard let connection else { continue }
            plan.joined(having: connection.session.remotePieces)
        }
        guard !plan.isDone else { return }
        self.superSeed = plan
    }

    /// What a new session says that we have.
    var shownPieces: Bitfield {
        self.superSeed == nil ? self.swarm.have : Bitfield(count: self.geometry.pieceCount)
    }

    /// A peer has got pieces, one or as many as its session knows of.
    func notePassing(_ piece: PieceIndex?, by connection: PeerConnection, at now: Instant) {
        guard self.superSeed != nil, let slot = connection.slot else { return }
        if let piece {
            for other in self.superSeed?.gained(piece, by: slot, at: now) ?? [] {
                guard let peer = self.peers[other] else { continue }
                self.reveal(to: peer, at: now)
                self.flush(peer)
            }
        } else {
            self.superSeed?.joined(having: connection.session.remotePieces)
        }
        guard self.superSeed?.isDone == false else { return self.endSuperSeeding() }
        self.reveal(to: connection, at: now)
    }

    /// Shows everybody what is due.
    func revealPieces(at now: Instant) {
        guard self.superSeed != nil else { return }
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.reveal(to: connection, at: now)
            self.flush(connection)
        }
    }

    private func reveal(to connection: PeerConnection, at now: Instant) {
        guard let slot = connection.slot, !connection.session.remoteIsUploadOnly else { return }
        let others = self.peers.count { $0 != nil && $0 !== connection && $0?.session.remoteIsUploadOnly == false }
        let pieces = self.superSeed?.reveal(
            to: slot, having: connection.session.remotePieces, isAlone: others == 0, at: now)
        for piece in pieces ?? [] { connection.session.announceHave(piece) }
    }

    /// Everything is out, or nobody wants it any more.
    private func endSuperSeeding() {
        guard self.superSeed != nil else { return }
        self.superSeed = nil
        for connection in Array(self.connections.values) {
            self.swarm.have.forEachSet { connection.session.announceHave($0) }
            connection.session.setUploadOnly(self.isFinished)
            self.flush(connection)
        }
    }
}
