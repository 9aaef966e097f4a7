// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Super-seeding (BEP 16): a source that pretends to have nothing and shows each peer a piece or two, others only once it has
/// passed those on. So every piece leaves it about once before all are out. A value of one loop.
package struct SuperSeed {
    /// Pieces shown to a peer and not yet passed on by it.
    package static let ahead = 2
    /// A peer that has fetched a piece is shown another after so long although nobody else has been seen to have got it.
    package static let patience = Interval.seconds(30)
    /// A piece that a peer was shown and has not fetched is shown to others after so long.
    package static let givenUp = Interval.seconds(60)

    private struct Reveal {
        let piece: PieceIndex
        var at: Instant
        var isHere = false
    }

    private var reveals: [PeerSlot: [Reveal]] = [:]
    /// How many peers each piece was shown to or is had by.
    private var counts: [UInt16]
    /// Pieces that some peer has.
    private var out: Bitfield
    private var start: Int

    /// A source of so many pieces that has shown none.
    package init(pieceCount: Int, random: inout SplitMix64) {
        self.counts = Array(repeating: 0, count: pieceCount)
        self.out = Bitfield(count: pieceCount)
        self.start = pieceCount > 0 ? Int(random.next(below: UInt64(pieceCount))) : 0
    }

    /// Whether somebody else has each piece: then it has nothing more to hide.
    package var isDone: Bool { self.out.isFull }

    /// A peer came with these pieces.
    package mutating func joined(having pieces: Bitfield) {
        guard pieces.count == self.counts.count else { return }
        self.out.formUnion(pieces)
        pieces.forEachSet { self.counts[$0.offset] &+= 1 }
    }

    /// A peer is gone: what it was shown and has not got is for others.
    package mutating func left(_ slot: PeerSlot) {
        for reveal in self.reveals.removeValue(forKey: slot) ?? [] where !reveal.isHere { self.discount(reveal.piece) }
    }

    /// A peer has got a piece. Gives those who were shown it and are now known to have passed it on.
    package mutating func gained(_ piece: PieceIndex, by slot: PeerSlot, at now: Instant) -> [PeerSlot] {
        guard piece.offset < self.counts.count else { return [] }
        self.out.insert(piece)
        if let place = self.reveals[slot]?.firstIndex(where: { $0.piece == piece }) {
            self.reveals[slot]?[place].isHere = true
            self.reveals[slot]?[place].at = now
        } else {
            self.counts[piece.offset] &+= 1
        }
        var passed: [PeerSlot] = []
        for (other, reveals) in self.reveals where other != slot {
            guard let place = reveals.firstIndex(where: { $0.piece == piece && $0.isHere }) else { continue }
            self.reveals[other]?.remove(at: place)
            passed.append(other)
        }
        return passed.sorted()
    }

    /// Pieces to show a peer now. `isAlone` says that nobody else could get them from it.
    package mutating func reveal(
        to slot: PeerSlot, having pieces: Bitfield, isAlone: Bool, at now: Instant
    ) -> [PieceIndex] {
        guard pieces.count == self.counts.count, !pieces.isFull else { return [] }
        for reveal in self.reveals[slot] ?? [] where !reveal.isHere && now - reveal.at >= Self.givenUp {
            self.discount(reveal.piece)
        }
        self.reveals[slot]?.removeAll { reveal in
            reveal.isHere ? isAlone || now - reveal.at >= Self.patience : now - reveal.at >= Self.givenUp
        }
        var shown: [PieceIndex] = []
        while (self.reveals[slot]?.count ?? 0) < Self.ahead, let piece = self.rarest(for: slot, pieces) {
            self.reveals[slot, default: []].append(Reveal(piece: piece, at: now))
            self.counts[piece.offset] &+= 1
            shown.append(piece)
        }
        return shown
    }

    /// Of the pieces that a peer has not and was not just shown, the one that fewest have or were shown.
    private mutating func rarest(for slot: PeerSlot, _ pieces: Bitfield) -> PieceIndex? {
        let shown = self.reveals[slot] ?? []
        var best: PieceIndex?
        for step in 0..<self.counts.count {
            let place =
                self.start + step < self.counts.count ? self.start + step : self.start + step - self.counts.count
            let piece = PieceIndex(place)
            guard !pieces[piece], !shown.contains(where: { $0.piece == piece }) else { continue }
            if let best, self.counts[best.offset] <= self.counts[place] { continue }
            best = piece
            if self.counts[place] == 0 { break }
        }
        if let best { self.start = best.offset + 1 < self.counts.count ? best.offset + 1 : 0 }
        return best
    }

    private mutating func discount(_ piece: PieceIndex) {
        if self.counts[piece.offset] > 0 { self.counts[piece.offset] -= 1 }
    }
}
