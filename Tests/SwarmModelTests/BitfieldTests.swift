// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct BitfieldTests {
    @Test func `the first piece is the highest bit of the first byte`() {
        var bits = Bitfield(count: 10)
        bits.insert(PieceIndex(0))
        bits.insert(PieceIndex(9))
        #expect(bits.wire == [0x80, 0x40])
        #expect(Bitfield(wire: [0x80, 0x40], count: 10) == bits)
        #expect(bits.words == [1 | 1 << 9])
    }

    @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 1000])
    func `the wire form is read back alike`(count: Int) throws {
        var random = SplitMix64(seed: UInt64(count))
        var bits = Bitfield(count: count)
        for index in 0..<count where random.next(below: 2) == 0 { bits.insert(PieceIndex(index)) }
        #expect(bits.wire.count == (count + 7) / 8)
        let again = try #require(Bitfield(wire: bits.wire, count: count))
        #expect(again == bits && again.setCount == bits.setCount)
        #expect(Bitfield(wire: bits.wire.lazy.map { $0 }, count: count) == bits, "bytes that do not lie side by side")
        #expect(Bitfield(wire: bits.wire + [0], count: count) == nil)
        if count > 0 { #expect(Bitfield(wire: bits.wire.dropLast(), count: count) == nil) }
    }

    @Test(arguments: 1...70)
    func `a spare bit that is set refuses the whole`(count: Int) {
        var wire = Bitfield(count: count, filled: true).wire
        #expect(Bitfield(wire: wire, count: count)?.isFull == true)
        guard !count.isMultiple(of: 8) else { return }
        for spare in 0..<(8 - count % 8) {
            wire[wire.count - 1] |= 1 << UInt8(spare)
            #expect(Bitfield(wire: wire, count: count) == nil)
            wire[wire.count - 1] &= ~(1 << UInt8(spare))
        }
    }

    @Test func `bits are counted as they come and go`() {
        var bits = Bitfield(count: 70)
        #expect(bits.isEmpty && !bits.isFull)
        #expect(bits.insert(PieceIndex(69)) && !bits.insert(PieceIndex(69)) && bits.setCount == 1)
        #expect(bits[PieceIndex(69)] && !bits[PieceIndex(68)])
        #expect(bits.remove(PieceIndex(69)) && !bits.remove(PieceIndex(69)) && bits.isEmpty)
        for index in 0..<70 { bits.insert(PieceIndex(index)) }
        #expect(bits.isFull && bits == Bitfield(count: 70, filled: true))
        #expect(Bitfield(count: 0).isFull && Bitfield(count: 0).isEmpty && Bitfield(count: 0).wire == [])
    }

    @Test func `set bits are visited in rising order`() {
        var bits = Bitfield(count: 200)
        let wanted = [0, 1, 63, 64, 127, 128, 199]
        for index in wanted.reversed() { bits.insert(PieceIndex(index)) }
        var seen: [Int] = []
        bits.forEachSet { seen.append($0.offset) }
        #expect(seen == wanted)
    }

    @Test func `a bit outside another bitfield is found in any word`() {
        for index in [0, 63, 64, 129] {
            var one = Bitfield(count: 130)
            var other = Bitfield(count: 130, filled: true)
            one.insert(PieceIndex(index))
            #expect(!one.hasBitOutside(other))
            other.remove(PieceIndex(index))
            #expect(one.hasBitOutside(other))
        }
    }

    @Test func `a bit that does not exist stops the program`() async {
        await #expect(processExitsWith: .failure) { _ = Bitfield(count: 5)[PieceIndex(5)] }
    }
}
