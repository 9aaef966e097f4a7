// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a source sends first: every piece to one peer before any piece to two. It offers each peer that it serves a few
/// pieces that nobody has been seen to have and that no other was offered, and goes on as they arrive. Peers give them to
/// each other meanwhile; when everything is out, the source is a peer like others.
///
/// A value of one loop. What is offered is advice: the peer may ask for something else.
package struct SeedPlan {
    /// An offer that has not been taken after so long is for others.
    package static let patience = Interval.seconds(20)
    /// Most pieces offered to one peer at a time.
    package static let mostOffers = 16

    private struct Offer {
        let piece: PieceIndex
        let at: Instant
    }

    /// All pieces in an order of chance: another source begins elsewhere.
    private var order: [UInt32]
    private var cursor = 0
    /// Pieces that are to come before those in `order`.
    private var urgent: [PieceIndex] = []
    /// Pieces that somebody has.
    private var out: Bitfield
    /// Pieces that are offered to somebody.
    private var taken: Bitfield
    private var offers: [PeerSlot: [Offer]] = [:]

    /// A plan for a torrent of which connected peers have `out`.
    package init(out: Bitfield, random: inout SplitMix64) {
        self.out = out
        self.taken = Bitfield(count: out.count)
        self.order = (0..<UInt32(out.count)).shuffled(using: &random)
    }

    /// Whether somebody has each piece.
    package var isDone: Bool { self.out.isFull }

    /// A peer has a piece.
    package mutating func gained(_ piece: PieceIndex, by slot: PeerSlot) {
        guard piece.offset < self.out.count else { return }
        self.out.insert(piece)
        guard let place = self.offers[slot]?.firstIndex(where: { $0.piece == piece }) else { return }
        self.offers[slot]?.remove(at: place)
        self.taken.remove(piece)
    }

    /// A peer has all these pieces.
    package mutating func gained(_ pieces: Bitfield) {
        guard pieces.count == self.out.count else { return }
        self.out.formUnion(pieces)
    }

    /// A peer asks for a piece of its own accord: nobody else is offered it meanwhile.
    package mutating func asked(for piece: PieceIndex, by slot: PeerSlot, at now: Instant) {
        guard piece.offset < self.out.count, !self.out[piece], !self.taken[piece],
            (self.offers[slot]?.count ?? 0) < Self.mostOffers
        else { return }
        self.taken.insert(piece)
        self.offers[slot, default: []].append(Offer(piece: piece, at: now))
    }

    /// A peer has left, or is not served any more: what it was offered is for others.
    package mutating func left(_ slot: PeerSlot) {
        guard let offers = self.offers.removeValue(forKey: slot) else { return }
        for offer in offers { self.giveBack(offer.piece) }
    }

    /// The tracker says that nobody has these.
    package mutating func advise(_ pieces: [PieceIndex]) {
        self.urgent = pieces.filter { $0.offset < self.out.count && !self.out[$0] && !self.taken[$0] }
    }

    /// Takes back offers that were not taken.
    package mutating func expire(at now: Instant) {
        // In the order of slots, not of a dictionary, so that a run can be repeated.
        for slot in self.offers.keys.sorted() {
            guard let offers = self.offers[slot] else { continue }
            let stale = offers.filter { now - $0.at > Self.patience }
            guard !stale.isEmpty else { continue }
            self.offers[slot] = offers.filter { now - $0.at <= Self.patience }
            for offer in stale { self.giveBack(offer.piece) }
        }
    }

    /// Offers a peer as many pieces as make `count` of those it was offered and has not got yet. Returns the new ones.
    package mutating func offer(_ count: Int, to slot: PeerSlot, at now: Instant) -> [PieceIndex] {
        let missing = min(count, Self.mostOffers) - (self.offers[slot]?.count ?? 0)
        guard missing > 0, !self.isDone else { return [] }
        var pieces: [PieceIndex] = []
        while pieces.count < missing, let piece = self.nextPiece() {
            self.taken.insert(piece)
            self.offers[slot, default: []].append(Offer(piece: piece, at: now))
            pieces.append(piece)
        }
        return pieces
    }

    private mutating func nextPiece() -> PieceIndex? {
        while let piece = self.urgent.popLast() {
            if !self.out[piece], !self.taken[piece] { return piece }
        }
        while self.cursor < self.order.count {
            let piece = PieceIndex(self.order[self.cursor])
            self.cursor += 1
            if !self.out[piece], !self.taken[piece] { return piece }
        }
        return nil
    }

    private mutating func giveBack(_ piece: PieceIndex) {
        self.taken.remove(piece)
        if !self.out[piece] { self.urgent.append(piece) }
    }
}
