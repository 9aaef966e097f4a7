// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct IdentifierTests {
    static let twenty = Array(UInt8(1)...20)

    @Test func `twenty bytes keep their order`() throws {
        let bytes = try #require(Bytes20(Self.twenty))
        #expect(bytes.bytes == Self.twenty)
        #expect((0..<20).map { bytes[$0] } == Self.twenty)
        #expect(Bytes20(Self.twenty.dropLast()) == nil && Bytes20(Self.twenty + [0]) == nil)
        #expect(Bytes20() == Bytes20([UInt8](repeating: 0, count: 20)))
        #expect(MemoryLayout<Bytes20>.size == 20)
    }

    @Test func `equal bytes are equal keys`() {
        var table: [InfoHash: Int] = [:]
        table[InfoHash(bytes: Self.twenty)!] = 1
        table[InfoHash(hex: "0102030405060708090A0b0c0d0e0f1011121314")!] = 2
        #expect(table.count == 1 && table.values.first == 2)
    }

    @Test func `hexadecimal is written in lower case and read in either`() {
        #expect(Hexadecimal.encode([0, 0x1f, 0xab, 0xff]) == "001fabff")
        #expect(Hexadecimal.decode("001FaBff") == [0, 0x1f, 0xab, 0xff])
        #expect(Hexadecimal.decode("") == [])
        for text in ["0", "0g", "+1", "0x", " 1", "１１"] { #expect(Hexadecimal.decode(text) == nil) }
        #expect(Hexadecimal.decode(Hexadecimal.encode(Array(0...255))) == Array(0...255))
    }

    @Test func `a v2 hash is cut to twenty bytes for the wire`() throws {
        let hash = try #require(InfoHashV2(bytes: Array(UInt8(1)...32)))
        #expect(hash.truncated == InfoHash(bytes: Self.twenty))
        #expect(InfoHashV2(hex: hash.description) == hash)
        #expect(InfoHashV2(bytes: Self.twenty) == nil && InfoHashV2(hex: String(repeating: "a", count: 63)) == nil)
        #expect(InfoHash(hex: hash.truncated.description) == hash.truncated)
    }

    @Test func `a fresh peer id begins with its prefix and a seed replays it`() {
        var first = SplitMix64(seed: 5)
        var second = SplitMix64(seed: 5)
        let id = PeerID(prefix: "-SM0100-", random: &first)
        #expect(id == PeerID(prefix: "-SM0100-", random: &second))
        #expect(id.description.hasPrefix("-SM0100-") && id.description.count == 20)
        #expect(id != PeerID(prefix: "-SM0100-", random: &first))
        #expect(
            PeerID(prefix: String(repeating: "x", count: 30), random: &first).bytes
                == [UInt8](repeating: 0x78, count: 20))
        #expect(
            PeerID(bytes: [0, 0x20, 0x7f, 0xff] + [UInt8](repeating: 0x61, count: 16))?.description
                == "%00%20%7f%ff" + String(repeating: "a", count: 16))
    }

    @Test func `the generator gives the published sequence`() {
        // First outputs for seed 1234567, as the reference implementation has them.
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            [random.next(), random.next(), random.next()]
                == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `bounded draws stay below their bound and reach all of it`() {
        var random = SplitMix64(seed: 9)
        var seen = Set<UInt64>()
        for _ in 0..<1_000 { seen.insert(random.next(below: 7)) }
        #expect(seen == Set(0..<7))
        #expect(random.next(below: 1) == 0)
    }
}
