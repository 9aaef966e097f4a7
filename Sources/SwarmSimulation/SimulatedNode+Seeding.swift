// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// What PeerNetwork's loop does for a source that agrees with peers of our kind on what it sends first.
extension SimulatedNode {
    /// Beyond the piece that is being sent, a peer is offered what it takes in so long.
    private static let offerAhead = 0.5

    /// Whether all that want something of it are told what to fetch first.
    var sendsByPlan: Bool {
        guard self.seedPlan != nil else { return false }
        return self.peers.allSatisfy { $0.map { !$0.session.isPeerInterested || self.isKin($0) } ?? true }
    }

    /// Whether two at least want something of it: what goes to one alone cannot be sent twice.
    private var isWantedByMany: Bool { self.peers.count { $0?.session.isPeerInterested == true } >= 2 }

    /// A source suggests a piece.
    func suggested(_ piece: PieceIndex, by connection: SimulatedConnection) {
        guard let slot = connection.slot, self.isKin(connection) else { return }
        self.swarm.peerSuggested(slot, piece, at: self.now)
    }

    /// A peer has got pieces, one or as many as its session knows of: a source notes it and offers more.
    func notePieces(of connection: SimulatedConnection, _ piece: PieceIndex?) {
        guard self.seedPlan != nil, let slot = connection.slot else { return }
        if let piece {
            self.seedPlan?.gained(piece, by: slot)
        } else {
            self.seedPlan?.gained(connection.session.remotePieces)
        }
        self.offerPieces(to: connection)
    }

    /// Suggests to a peer that is served what nobody else was sent.
    func offerPieces(to connection: SimulatedConnection) {
        guard self.phase == .seeding, self.superSeed == nil, let slot = connection.slot, self.swarm.isUnchoked(slot),
            connection.session.isPeerInterested, self.isKin(connection)
        else { return }
        // What goes to the first while it is the only one counts as well.
        if self.seedPlan == nil { self.makeSeedPlan() }
        guard self.seedPlan?.isDone == false, self.isWantedByMany else { return }
        let rate = connection.session.uploadMeter.bytesPerSecond(at: self.now)
        let ahead = rate * Self.offerAhead / Double(max(self.geometry.pieceLength, 1))
        let count = 2 + Int(min(ahead, Double(SeedPlan.mostOffers)))
        for piece in self.seedPlan?.offer(count, to: slot, at: self.now) ?? [] { connection.session.suggest(piece) }
    }

    /// A peer asks for a piece, whether it was offered that or not.
    func noteRequest(of piece: PieceIndex, by connection: SimulatedConnection) {
        guard self.seedPlan != nil, let slot = connection.slot else { return }
        self.seedPlan?.asked(for: piece, by: slot, at: self.now)
    }

    /// A peer is gone, or not served any more.
    func withdrawOffers(to slot: Int) {
        self.seedPlan?.left(slot)
        if self.connections.isEmpty { self.seedPlan = nil }
    }

    /// Takes back what was not taken, and offers it to others.
    func reviewOffers() {
        guard self.seedPlan != nil else { return }
        self.seedPlan?.expire(at: self.now)
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.offerPieces(to: connection)
            self.flush(connection)
        }
    }

    /// Whether both are of our kind: only such peers suggest pieces to each other, and heed it.
    private func isKin(_ connection: SimulatedConnection) -> Bool {
        self.profile.isKin && connection.session.usesFast
            && self.simulation.nodes[connection.remote].profile.isKin
    }

    private func makeSeedPlan() {
        var out = Bitfield(count: self.geometry.pieceCount)
        for index in 0..<self.geometry.pieceCount where self.swarm.holderCount(of: PieceIndex(index)) > 0 {
            out.insert(PieceIndex(index))
        }
        self.seedPlan = SeedPlan(out: out, random: &self.random)
    }
}
