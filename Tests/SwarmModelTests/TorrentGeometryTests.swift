// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@Suite struct TorrentGeometryTests {
    @Test func `the last piece and the last block hold what is left`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 100_000, pieceLength: 40_000))
        #expect(geometry.pieceCount == 3)
        #expect((0..<3).map { geometry.length(of: PieceIndex($0)) } == [40_000, 40_000, 20_000])
        #expect((0..<3).map { geometry.offset(of: PieceIndex($0)) } == [0, 40_000, 80_000])
        #expect((0..<3).map { geometry.blockCount(of: PieceIndex($0)) } == [3, 3, 2])
        #expect(geometry.block(2, of: PieceIndex(0)) == BlockRange(piece: PieceIndex(0), begin: 32_768, length: 7_232))
        #expect(geometry.block(1, of: PieceIndex(2)) == BlockRange(piece: PieceIndex(2), begin: 16_384, length: 3_616))
    }

    @Test func `the blocks of all pieces are the payload`() throws {
        for (total, length): (UInt64, UInt32) in [
            (1, 1), (16_384, 16_384), (99_999, 32_768), (50_000, 7), (1, 1 << 20),
        ] {
            let geometry = try #require(TorrentGeometry(totalLength: total, pieceLength: length))
            var next: UInt64 = 0
            for piece in (0..<geometry.pieceCount).map({ PieceIndex($0) }) {
                for index in 0..<geometry.blockCount(of: piece) {
                    let block = geometry.block(index, of: piece)
                    #expect(geometry.offset(of: piece) + UInt64(block.begin) == next)
                    #expect(geometry.contains(block) && geometry.blockIndex(of: block) == index)
                    next += UInt64(block.length)
                }
            }
            #expect(next == total)
        }
    }

    @Test func `ranges outside are not contained, however large their numbers`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 100_000, pieceLength: 40_000))
        func contains(_ piece: UInt32, _ begin: UInt32, _ length: UInt32) -> Bool {
            geometry.contains(BlockRange(piece: PieceIndex(piece), begin: begin, length: length))
        }
        #expect(contains(0, 0, 40_000) && contains(2, 19_999, 1) && contains(1, 5, 7))
        #expect(!contains(0, 0, 0) && !contains(0, 1, 40_000) && !contains(2, 0, 20_001) && !contains(3, 0, 1))
        #expect(!contains(.max, 0, 1) && !contains(0, .max, .max) && !contains(0, 1, .max))
    }

    @Test func `only whole blocks have a number`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 100_000, pieceLength: 40_000))
        func index(_ begin: UInt32, _ length: UInt32) -> Int? {
            geometry.blockIndex(of: BlockRange(piece: PieceIndex(2), begin: begin, length: length))
        }
        #expect(index(0, 16_384) == 0 && index(16_384, 3_616) == 1)
        #expect(
            index(0, 16_383) == nil && index(1, 16_383) == nil && index(16_384, 3_615) == nil && index(0, 20_000) == nil
        )
    }

    @Test func `impossible payloads have no geometry`() throws {
        #expect(TorrentGeometry(totalLength: 5, pieceLength: 0) == nil)
        #expect(TorrentGeometry(totalLength: .max, pieceLength: 1) == nil)
        #expect(TorrentGeometry(totalLength: UInt64(UInt32.max) + 1, pieceLength: 1) == nil)
        #expect(
            try #require(TorrentGeometry(totalLength: UInt64(UInt32.max), pieceLength: 1)).pieceCount == Int(UInt32.max)
        )
        #expect(try #require(TorrentGeometry(totalLength: 0, pieceLength: 1)).pieceCount == 0)
        let widest = try #require(
            TorrentGeometry(totalLength: UInt64(UInt32.max) * UInt64(UInt32.max) - 1, pieceLength: .max))
        #expect(widest.length(of: PieceIndex(widest.pieceCount - 1)) > 0)
    }
}
