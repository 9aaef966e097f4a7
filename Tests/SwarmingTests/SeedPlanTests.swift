// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import TestSeeds
import Testing

@Suite struct SeedPlanTests {
    private static func plan(_ pieces: Int, out: [Int] = [], seed: UInt64 = 3) -> SeedPlan {
        var known = Bitfield(count: pieces)
        for piece in out { known.insert(PieceIndex(piece)) }
        var random = SplitMix64(seed: seed)
        return SeedPlan(out: known, random: &random)
    }

    private let now = Instant(nanoseconds: 0)

    @Test func `every piece is offered to one peer before any is offered to two`() {
        let seed = TestSeed.one()
        var random = SplitMix64(seed: seed)
        var plan = Self.plan(200, seed: seed)
        var open: [(slot: Int, piece: PieceIndex)] = []
        var offered: Set<PieceIndex> = []
        while !plan.isDone {
            let slot = Int.random(in: 0..<7, using: &random)
            for piece in plan.offer(3, to: slot, at: self.now) {
                #expect(offered.insert(piece).inserted, "piece \(piece) is offered twice")
                open.append((slot, piece))
            }
            #expect(open.count { $0.slot == slot } <= 3)
            guard let place = open.indices.randomElement(using: &random) else { break }
            let got = open.remove(at: place)
            plan.gained(got.piece, by: got.slot)
        }
        #expect(plan.isDone && offered.count == 200)
        #expect(plan.offer(3, to: 0, at: self.now).isEmpty)
    }

    @Test func `what somebody has already is not offered`() {
        var plan = Self.plan(6, out: [0, 1, 2])
        var more = Bitfield(count: 6)
        more.insert(PieceIndex(3))
        plan.gained(more)
        plan.gained(PieceIndex(4), by: 9)
        #expect(plan.offer(6, to: 0, at: self.now) == [PieceIndex(5)])
    }

    @Test func `what a peer leaves behind is for others, and so is what it does not take`() {
        var plan = Self.plan(4)
        let first = plan.offer(2, to: 0, at: self.now)
        let second = plan.offer(2, to: 1, at: self.now)
        #expect(Set(first + second).count == 4 && plan.offer(4, to: 2, at: self.now).isEmpty)
        plan.left(0)
        #expect(Set(plan.offer(4, to: 2, at: self.now)) == Set(first))
        let later = self.now + SeedPlan.patience + .seconds(1)
        plan.gained(second[0], by: 1)
        plan.expire(at: later)
        #expect(Set(plan.offer(4, to: 3, at: later)) == Set(first + [second[1]]))
    }

    @Test func `what a peer asks for of its own accord is not offered to others, as far as it goes`() {
        var plan = Self.plan(64)
        plan.asked(for: PieceIndex(900), by: 0, at: self.now)
        for piece in 0..<64 { plan.asked(for: PieceIndex(piece), by: 0, at: self.now) }
        // Who asks for everything keeps no more from others than it could be offered.
        let left = (1...3).flatMap { plan.offer(16, to: $0, at: self.now) }
        #expect(Set(left) == Set((SeedPlan.mostOffers..<64).map { PieceIndex($0) }))
        plan.gained(PieceIndex(0), by: 0)
        plan.left(0)
        #expect(Set(plan.offer(16, to: 4, at: self.now)) == Set((1..<SeedPlan.mostOffers).map { PieceIndex($0) }))
    }

    @Test func `what the tracker says that nobody has comes first`() {
        var plan = Self.plan(500, out: [7])
        let wanted = [400, 7, 20, 499].map { PieceIndex($0) }
        plan.advise(wanted + [PieceIndex(900)])
        #expect(Set(plan.offer(3, to: 0, at: self.now)) == Set([400, 20, 499].map { PieceIndex($0) }))
        #expect(plan.offer(4, to: 0, at: self.now).count == 1)
    }

    @Test func `two sources begin at different places`() {
        var (one, other) = (Self.plan(1000, seed: 1), Self.plan(1000, seed: 2))
        let common = Set(one.offer(16, to: 0, at: self.now)).intersection(other.offer(16, to: 0, at: self.now))
        #expect(common.count < 8)
    }
}
