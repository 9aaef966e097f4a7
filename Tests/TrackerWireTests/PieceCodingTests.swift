// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerWire

@Suite struct PieceCodingTests {
    static let seed = TestSeed.one("pieces")

    static func decode(_ encoding: PieceEncoding, _ bytes: [UInt8], pieceCount: Int) -> Bitfield? {
        var pieces = Bitfield(count: pieceCount)
        var last = -1
        let isWhole = encoding.forEachRun(in: bytes.span, pieceCount: UInt32(pieceCount)) { first, count in
            #expect(Int(first) > last && count > 0, "stretches rise and do not meet")
            for piece in first..<first + count { pieces.insert(PieceIndex(piece)) }
            last = Int(first + count) - 1
        }
        return isWhole ? pieces : nil
    }

    static func random(_ count: Int, share: Double, _ random: inout SplitMix64) -> Bitfield {
        var pieces = Bitfield(count: count)
        for piece in 0..<count where Double.random(in: 0..<1, using: &random) < share {
            pieces.insert(PieceIndex(piece))
        }
        return pieces
    }

    @Test func `every set of pieces comes back, in no more bytes than its bitmap`() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<400 {
            let count = Int.random(in: 1...700, using: &random)
            let share = [0, 0.01, 0.2, 0.5, 0.9, 0.99, 1][Int.random(in: 0..<7, using: &random)]
            let pieces = Self.random(count, share: share, &random)
            let encoded = EncodedPieces(pieces)
            #expect(encoded.end.offset == count)
            #expect(encoded.payload.count <= (count + 7) / 8 + 2)
            #expect(Self.decode(encoded.encoding, encoded.payload, pieceCount: count) == pieces, "\(pieces)")
        }
    }

    @Test func `what does not fit one report is told in several, in order`() {
        var random = SplitMix64(seed: Self.seed)
        for share in [0.001, 0.3, 0.5, 0.97, 1] {
            let pieces = Self.random(20_000, share: share, &random)
            var rest = pieces
            var told = Bitfield(count: pieces.count)
            var reports = 0
            while !rest.isEmpty, reports < 1000 {
                let encoded = EncodedPieces(rest, limit: 64)
                #expect(encoded.payload.count <= 64)
                guard let part = Self.decode(encoded.encoding, encoded.payload, pieceCount: pieces.count) else {
                    Issue.record("not well-formed")
                    return
                }
                #expect(!part.isEmpty, "each brings something")
                part.forEachSet { rest.remove($0) }
                told.formUnion(part)
                reports += 1
            }
            #expect(told == pieces)
        }
    }

    @Test func `the shapes of downloads are small`() {
        var random = SplitMix64(seed: 5)
        var sequential = Bitfield(count: 10_000)
        for piece in 700..<9_000 { sequential.insert(PieceIndex(piece)) }
        #expect(EncodedPieces(sequential).payload.count <= 4)
        var nearlyDone = Bitfield(count: 10_000, filled: true)
        for _ in 0..<100 { nearlyDone.remove(PieceIndex(Int.random(in: 0..<10_000, using: &random))) }
        #expect(EncodedPieces(nearlyDone).payload.count <= 140)
        var few = Bitfield(count: 10_000)
        for _ in 0..<14 { few.insert(PieceIndex(Int.random(in: 0..<10_000, using: &random))) }
        #expect(EncodedPieces(few).payload.count <= 28)
    }

    @Test func `bytes that break off or were made up name no piece that is not there`() {
        var random = SplitMix64(seed: Self.seed)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x1f : 0xff)
            }
            let pieceCount = UInt32.random(in: 1...300, using: &random)
            for encoding in PieceEncoding.allCases {
                _ = encoding.forEachRun(in: bytes.span, pieceCount: pieceCount) { first, count in
                    #expect(UInt64(first) + UInt64(count) <= UInt64(pieceCount) && count > 0)
                }
            }
        }
    }

    @Test func `numbers beyond the torrent are refused in every encoding`() {
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0x0f]
        for (encoding, bytes) in [
            (PieceEncoding.gaps, [8]), (.gaps, [7, 0]), (.gaps, huge), (.gaps, [0x80]), (.gaps, huge + huge),
            (.runs, [0, 8]), (.runs, [4, 4]), (.runs, [3]), (.runs, huge + huge), (.bitmap, []), (.bitmap, [1, 0x80]),
            (.bitmap, [0, 0, 0]), (.bitmap, huge + [1]), (.absent, [0, 9]), (.absent, [5, 4]), (.absent, [0, 8, 8]),
            (.absent, [2]), (.absent, huge + huge),
        ] {
            #expect(Self.decode(encoding, bytes, pieceCount: 8) == nil, "\(encoding) \(bytes)")
        }
        #expect(Self.decode(.bitmap, [0, 0x10], pieceCount: 3) == nil, "a spare bit")
        #expect(Self.decode(.bitmap, [0, 0xff], pieceCount: 7) == nil, "a spare bit of a full byte")
        #expect(Self.decode(.absent, [0, 0], pieceCount: 8)?.isEmpty == true)
    }

    @Test func `the checksum tells sets apart and does not mind their order`() {
        var sums: Set<PieceChecksum> = []
        for piece in 0..<5_000 {
            var pieces = Bitfield(count: 5_000)
            pieces.insert(PieceIndex(piece))
            #expect(sums.insert(PieceChecksum(pieces)).inserted)
        }
        var (first, second) = (PieceChecksum(), PieceChecksum())
        for piece in [3, 9, 4] as [UInt32] { first.insert(piece) }
        for piece in [9, 4, 3] as [UInt32] { second.insert(piece) }
        #expect(first == second && first.count == 3)
        // As the protocol's page gives it.
        #expect(PieceChecksum.number(of: 0) == 0x514e_28b7 && PieceChecksum.number(of: 1) == 0x30f4_c306)
    }
}
