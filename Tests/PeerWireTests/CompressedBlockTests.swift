// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel
import Testing

@Suite struct CompressedBlockTests {
    private let block = BlockRange(piece: PieceIndex(3), begin: 131_072, length: 16_384)

    private func message(_ block: BlockRange, _ stream: [UInt8]) -> [UInt8] {
        let header = MessageWriter.compressedHeader(block, count: stream.count, id: 1)
        return header.indices.map { header[$0] } + stream
    }

    private func parsed(_ block: BlockRange, count: Int) -> CompressedBlock? {
        self.parsed(Array(self.message(block, [UInt8](repeating: 9, count: count)).dropFirst(6)))
    }

    private func parsed(_ payload: [UInt8]) -> CompressedBlock? { CompressedBlock(parsing: payload.span.bytes) }

    @Test func `the bytes are those of the document`() {
        #expect(
            self.message(self.block, [0xaa, 0xbb]) == [
                0, 0, 0, 16, 20, 1, 0, 0, 0, 3, 0, 2, 0, 0, 0, 0, 0x40, 0, 0xaa, 0xbb,
            ])
        #expect(MessageWriter.compressedHeaderLength == 18)
    }

    @Test func `what was written is read back, in every slicing`() throws {
        let stream = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = self.message(self.block, stream) + [0, 0, 0, 0]
        let parser = PeerStreamParser(pieceCount: 5, extensionLimit: 1, expectsHandshake: false)
        let payload = Array(bytes[6..<bytes.count - 4])
        let expected: [WireTrace.Entry] = [.body(.extended(1), payload), .message(.keepAlive)]
        #expect(WireTrace(bytes, parser: parser).entries == expected)
        #expect(WireTrace(bytes, cuts: Array(1..<bytes.count), parser: parser).entries == expected)
        for cut in 1..<bytes.count { #expect(WireTrace(bytes, cuts: [cut], parser: parser).entries == expected) }
        let message = try #require(self.parsed(payload))
        #expect(message.block == self.block && message.count == 300)
        #expect(Array(payload[CompressedBlock.headLength...]) == stream)
    }

    @Test func `a message without a stream, or with one as long as the block, is none`() {
        #expect(self.parsed(self.block, count: 0) == nil)
        #expect(self.parsed(self.block, count: 1) != nil)
        #expect(self.parsed(self.block, count: 16_383) != nil)
        #expect(self.parsed(self.block, count: 16_384) == nil)
        #expect(self.parsed(BlockRange(piece: PieceIndex(0), begin: 0, length: 131_072), count: 60_000) != nil)
        #expect(self.parsed(BlockRange(piece: PieceIndex(0), begin: 0, length: 131_073), count: 60_000) == nil)
        #expect(self.parsed(BlockRange(piece: PieceIndex(0), begin: 0, length: .max), count: 60_000) == nil)
        #expect(self.parsed(BlockRange(piece: PieceIndex(0), begin: 0, length: 0), count: 1) == nil)
        for count in 0...CompressedBlock.headLength {
            #expect(self.parsed([UInt8](repeating: 1, count: count)) == nil)
        }
    }

    @Test func `memory of long messages is kept for others, and given back after a short one`() {
        var parser = PeerStreamParser(pieceCount: 5, extensionLimit: 1, expectsHandshake: false)
        func feed(_ count: Int) -> Int {
            var bytes: [UInt8] = []
            MessageWriter.extended(1, payload: [UInt8](repeating: 1, count: count), into: &bytes)
            var cursor = 0
            while parser.next(in: bytes.span.bytes, at: &cursor) != .needMore {}
            return parser.body.capacity
        }
        let capacity = feed(100_000)
        #expect(feed(90_000) == capacity && feed(60_000) == capacity)
        #expect(feed(1_000) <= WireLimits.keptBodyCapacity)
    }
}
