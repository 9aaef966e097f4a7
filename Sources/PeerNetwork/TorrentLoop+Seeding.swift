// SPDX-License-Identifier: Apache-2.0

import PeerSession
import SwarmModel
import Swarming

/// A source and those it serves agree on what it sends first. Only peers of our own kind are told: they are known to heed
/// it, and others would not know what it means.
extension TorrentLoop {
    /// How peer ids of our kind begin (BEP 20).
    private static let kin = Array("-SM".utf8)
    /// Beyond the piece that is being sent, a peer is offered what it takes in so long.
    private static let offerAhead = 0.5

    /// Whether the peer heeds suggestions and may be heeded.
    static func heedsSuggestions(_ connection: PeerConnection) -> Bool {
        connection.session.usesFast && connection.session.remotePeerID?.bytes.starts(with: Self.kin) == true
    }

    /// Whether all that want something of us are told what to fetch first.
    var sendsByPlan: Bool {
        guard self.seedPlan != nil else { return false }
        return self.peers.allSatisfy { $0.map { !$0.session.isPeerInterested || Self.heedsSuggestions($0) } ?? true }
    }

    /// Whether two at least want something of us. What goes to one alone cannot be sent twice, and it would only be held up
    /// by waiting for suggestions.
    private var isWantedByMany: Bool {
        var count = 0
        for connection in self.peers where connection?.session.isPeerInterested == true {
            count += 1
            if count == 2 { return true }
        }
        return false
    }

    /// A source suggests a piece.
    func suggested(_ piece: PieceIndex, by connection: PeerConnection, at now: Instant) {
        guard let slot = connection.slot, Self.heedsSuggestions(connection) else { return }
        self.swarm.peerSuggested(slot, piece, at: now)
    }

    /// A peer has got pieces: a source notes it and offers more.
    func notePieces(of connection: PeerConnection, _ piece: PieceIndex?, at now: Instant) {
        guard self.seedPlan != nil, let slot = connection.slot else { return }
        if let piece {
            self.seedPlan?.gained(piece, by: slot)
        } else {
            self.seedPlan?.gained(connection.session.remotePieces)
        }
        self.offerPieces(to: connection, at: now)
    }

    /// Suggests to a peer that is served what nobody else was sent.
    func offerPieces(to connection: PeerConnection, at now: Instant) {
        guard self.phase == .seeding, self.isComplete, self.superSeed == nil,
            let slot = connection.slot, self.swarm.isUnchoked(slot), connection.session.isPeerInterested,
            Self.heedsSuggestions(connection)
        else { return }
        // What goes to the first while it is the only one counts as well.
        if self.seedPlan == nil { self.makeSeedPlan() }
        guard self.seedPlan?.isDone == false, self.isWantedByMany else { return }
        let rate = connection.session.uploadMeter.bytesPerSecond(at: now)
        let ahead = rate * Self.offerAhead / Double(max(self.geometry.pieceLength, 1))
        let count = 2 + Int(min(ahead, Double(SeedPlan.mostOffers)))
        for piece in self.seedPlan?.offer(count, to: slot, at: now) ?? [] { connection.session.suggest(piece) }
    }

    /// A peer asks for a piece, whether it was offered that or not.
    func noteRequest(of piece: PieceIndex, by connection: PeerConnection, at now: Instant) {
        guard self.seedPlan != nil, let slot = connection.slot else { return }
        self.seedPlan?.asked(for: piece, by: slot, at: now)
    }

    /// A peer is gone, or not served any more.
    func withdrawOffers(to slot: Int) {
        self.seedPlan?.left(slot)
        if self.connections.isEmpty {
            self.seedPlan = nil
            self.runs.empty()
        }
    }

    /// Takes back what was not taken, and offers it to others.
    func reviewOffers(at now: Instant) {
        guard self.seedPlan != nil else { return }
        self.seedPlan?.expire(at: now)
        for connection in self.peers {
            guard let connection, !connection.isClosed else { continue }
            self.offerPieces(to: connection, at: now)
            self.flush(connection)
        }
    }

    /// The tracker says that nobody has these pieces.
    func advise(unsent pieces: [PieceIndex]) {
        self.seedPlan?.advise(pieces)
    }

    private func makeSeedPlan() {
        var out = Bitfield(count: self.geometry.pieceCount)
        for index in 0..<self.geometry.pieceCount where self.swarm.holderCount(of: PieceIndex(index)) > 0 {
            out.insert(PieceIndex(index))
        }
        self.seedPlan = SeedPlan(out: out, random: &self.seeds)
    }
}
