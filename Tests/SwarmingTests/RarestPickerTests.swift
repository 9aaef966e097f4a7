// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct RarestPickerTests {
    private let all = Bitfield(count: 100, filled: true)

    private func pick(_ picker: RarestPicker, _ has: Bitfield) -> UInt32? {
        let peer = PickerPeer(slot: 0, haveCount: has.setCount, downRate: 0, now: Instant(nanoseconds: 0))
        return has.words.withUnsafeBufferPointer { words in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) {
                picker.pick(for: peer, having: words, into: $0) == 1 ? $0[0] : nil
            }
        }
    }

    @Test func `the rarest wanted piece of the peer is picked`() {
        let picker = RarestPicker(pieceCount: 100, random: SplitMix64(seed: 3))
        self.all.words.withUnsafeBufferPointer { picker.piecesGained($0, count: 100) }
        for piece in 0..<100 where piece != 41 && piece != 77 { picker.pieceGained(PieceIndex(piece)) }
        picker.setState(PieceIndex(77), .have)
        #expect(self.pick(picker, self.all) == 41)
        picker.setState(PieceIndex(77), .wanted)
        var rare: Set<UInt32> = []
        for _ in 0..<50 { if let piece = self.pick(picker, self.all) { rare.insert(piece) } }
        #expect(rare == [41, 77])
    }

    @Test func `equal seeds pick alike`() {
        let first = RarestPicker(pieceCount: 100, random: SplitMix64(seed: 3))
        let second = RarestPicker(pieceCount: 100, random: SplitMix64(seed: 3))
        for _ in 0..<20 { #expect(self.pick(first, self.all) == self.pick(second, self.all)) }
    }

    @Test func `nothing is picked when nothing fits`() {
        let picker = RarestPicker(pieceCount: 100, random: SplitMix64(seed: 3))
        #expect(self.pick(picker, Bitfield(count: 100)) == nil)
        for piece in 0..<100 { picker.setState(PieceIndex(piece), .have) }
        #expect(self.pick(picker, self.all) == nil)
    }

    @Test func `a holder of everything may lose single pieces`() {
        var holders = PieceHolders(pieceCount: 100)
        self.all.words.withUnsafeBufferPointer { holders.gain($0, count: 100) }
        holders.lose(PieceIndex(4))
        #expect(holders[PieceIndex(4)] == 0)
        #expect(holders[PieceIndex(5)] == 1)
        holders.lose(PieceIndex(4))
        #expect(holders[PieceIndex(4)] == 0)
        #expect(holders.summary == AvailabilitySummary(minimum: 0, distributedCopies: 0.99))
    }
}
