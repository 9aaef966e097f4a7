// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct SuperSeedTests {
    final class Subject {
        var plan: SuperSeed

        init(pieces: Int) {
            var random = SplitMix64(seed: 3)
            self.plan = SuperSeed(pieceCount: pieces, random: &random)
        }

        func reveal(_ slot: PeerSlot, _ pieces: [PieceIndex] = [], isAlone: Bool = false, at now: Int64) -> [PieceIndex]
        {
            var have = Bitfield(count: 16)
            for piece in pieces { have.insert(piece) }
            return self.plan.reveal(
                to: slot, having: have, isAlone: isAlone, at: Instant(nanoseconds: 0) + .seconds(now))
        }

        func gained(_ piece: PieceIndex, _ slot: PeerSlot, at now: Int64) -> [PeerSlot] {
            self.plan.gained(piece, by: slot, at: Instant(nanoseconds: 0) + .seconds(now))
        }
    }

    @Test func `each peer is shown pieces that no other is shown, and no more before it has passed one on`() {
        let subject = Subject(pieces: 16)
        let first = subject.reveal(0, at: 0)
        let second = subject.reveal(1, at: 0)
        #expect(first.count == SuperSeed.ahead && Set(first).isDisjoint(with: second))
        #expect(subject.reveal(0, at: 0).isEmpty)
        #expect(subject.gained(first[0], 0, at: 1).isEmpty)
        #expect(subject.reveal(0, [first[0]], at: 1).isEmpty)
        #expect(subject.gained(first[0], 1, at: 2) == [0])
        let third = subject.reveal(0, [first[0]], at: 2)
        #expect(third.count == 1 && !(first + second).contains(third[0]))
    }

    @Test func `a peer alone, and one that nobody takes from, goes on all the same`() {
        let alone = Subject(pieces: 16)
        let piece = alone.reveal(0, isAlone: true, at: 0)[0]
        _ = alone.gained(piece, 0, at: 1)
        #expect(alone.reveal(0, [piece], isAlone: true, at: 1).count == 1)
        let ignored = Subject(pieces: 16)
        let other = ignored.reveal(0, at: 0)[0]
        _ = ignored.gained(other, 0, at: 1)
        #expect(ignored.reveal(0, [other], at: 30).isEmpty)
        #expect(ignored.reveal(0, [other], at: 31).count == 1)
    }

    @Test func `what a peer was shown and did not fetch is for others when it leaves`() {
        let subject = Subject(pieces: 4)
        let shown = subject.reveal(0, at: 0)
        _ = subject.reveal(1, at: 0)
        subject.plan.left(0)
        var have = Bitfield(count: 4)
        _ = have.isEmpty
        for piece in 0..<4 where !shown.contains(PieceIndex(piece)) { have.insert(PieceIndex(piece)) }
        let next = subject.plan.reveal(to: 2, having: have, isAlone: false, at: Instant(nanoseconds: 0))
        #expect(Set(next) == Set(shown))
    }

    @Test func `it is done when somebody has each piece`() {
        let subject = Subject(pieces: 2)
        #expect(!subject.plan.isDone)
        _ = subject.gained(PieceIndex(0), 0, at: 0)
        subject.plan.joined(having: Bitfield(count: 2, filled: true))
        #expect(subject.plan.isDone)
        #expect(subject.gained(PieceIndex(9), 0, at: 0).isEmpty)
    }
}
