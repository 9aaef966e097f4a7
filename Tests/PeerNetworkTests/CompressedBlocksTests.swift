// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PieceStore
import SwarmModel
import Testing

@testable import PeerNetwork

@Suite struct CompressedBlocksTests {
    private static let geometry = TorrentGeometry(totalLength: 4 << 20, pieceLength: 1 << 20)!
    private let budget = ByteBudget(limit: 4 << 20)

    private func blocks(budget: ByteBudget? = nil) -> CompressedBlocks {
        CompressedBlocks(geometry: Self.geometry, budget: budget ?? self.budget)
    }

    private func unit(_ index: Int, piece: Int = 0) -> BlockRange {
        BlockRange(piece: PieceIndex(piece), begin: UInt32(index) * 131_072, length: 131_072)
    }

    private func block(_ index: Int, piece: Int = 0) -> BlockRange { Self.geometry.block(index, of: PieceIndex(piece)) }

    private func stream(_ count: Int = 1_000) -> ByteBuffer { ByteBuffer(repeating: 7, count: count) }

    private func word(_ answer: CompressedBlocks.Answer) -> String {
        switch answer {
        case .compressed(let stream): "compressed \(stream.readableBytes)"
        case .plain: "plain"
        case .pending: "pending"
        case .unknown: "unknown"
        }
    }

    @Test func `a block is pending, then there for everybody`() {
        let blocks = self.blocks()
        #expect(self.word(blocks.answer(to: self.unit(0))) == "unknown")
        blocks.begin(self.unit(0))
        #expect(self.word(blocks.answer(to: self.unit(0))) == "pending")
        blocks.finish(self.unit(0), self.stream())
        #expect(self.word(blocks.answer(to: self.unit(0))) == "compressed 1000")
        #expect(blocks.noteSend(of: self.unit(0)) == false && blocks.noteSend(of: self.unit(0)) == true)
        blocks.begin(self.unit(1))
        blocks.finish(self.unit(1), nil)
        #expect(self.word(blocks.answer(to: self.unit(1))) == "plain")
        #expect(blocks.byteCount == 1_000 + 2 * CompressedBlocks.overhead)
        #expect(self.budget.available == (4 << 20) - blocks.byteCount)
    }

    @Test func `what a peer compressed counts as sent once`() {
        let blocks = self.blocks()
        blocks.keep(self.unit(0), self.stream(10))
        blocks.keep(self.unit(0), self.stream(20))
        #expect(self.word(blocks.answer(to: self.unit(0))) == "compressed 10")
        #expect(blocks.noteSend(of: self.unit(0)) == true)
    }

    @Test func `nothing is compressed twice in different cuts`() {
        let blocks = self.blocks()
        blocks.begin(self.unit(1))
        #expect(self.word(blocks.answer(to: self.block(8))) == "plain")
        blocks.finish(self.unit(1), self.stream())
        #expect(self.word(blocks.answer(to: self.block(15))) == "plain")
        #expect(self.word(blocks.answer(to: self.block(7))) == "unknown")
        #expect(self.word(blocks.answer(to: self.block(8, piece: 1))) == "unknown")
        blocks.begin(self.block(20))
        blocks.finish(self.block(20), self.stream())
        #expect(self.word(blocks.answer(to: self.unit(2))) == "plain")
        #expect(self.word(blocks.answer(to: self.unit(3))) == "unknown")
    }

    @Test func `a piece with false bytes takes its streams along`() {
        let blocks = self.blocks()
        blocks.keep(self.unit(0, piece: 2), self.stream())
        blocks.keep(self.unit(0, piece: 1), self.stream())
        blocks.begin(self.unit(1, piece: 2))
        blocks.remove(PieceIndex(2))
        blocks.finish(self.unit(1, piece: 2), self.stream())
        #expect(self.word(blocks.answer(to: self.unit(0, piece: 2))) == "unknown")
        #expect(self.word(blocks.answer(to: self.unit(1, piece: 2))) == "unknown")
        #expect(self.word(blocks.answer(to: self.unit(0, piece: 1))) == "compressed 1000")
    }

    @Test func `the budget holds, and what is used stays longer`() {
        let blocks = self.blocks()
        for piece in 0..<4 {
            for index in 0..<8 {
                blocks.keep(self.unit(index, piece: piece), self.stream(400_000))
                _ = blocks.answer(to: self.unit(0))
                #expect(blocks.byteCount <= 4 << 20)
                #expect(self.budget.available >= 0)
            }
        }
        #expect(self.word(blocks.answer(to: self.unit(0))) == "compressed 400000")
        #expect(self.word(blocks.answer(to: self.unit(1))) == "unknown")
        #expect(self.word(blocks.answer(to: self.unit(7, piece: 3))) == "compressed 400000")
        blocks.removeAll()
        #expect(blocks.isEmpty && self.budget.available == 4 << 20)
    }

    @Test func `a torrent holds a little whatever others hold`() {
        let budget = ByteBudget(limit: 0)
        let blocks = self.blocks(budget: budget)
        for index in 0..<8 { blocks.keep(self.unit(index), self.stream(1 << 20)) }
        #expect(
            blocks.byteCount > 0 && blocks.byteCount <= CompressedBlocks.floor + (1 << 20) + CompressedBlocks.overhead)
        #expect(self.word(blocks.answer(to: self.unit(7))) == "compressed 1048576")
        blocks.removeAll()
        #expect(budget.available == 0)
    }
}
