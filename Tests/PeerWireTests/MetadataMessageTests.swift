// SPDX-License-Identifier: Apache-2.0

import Bencode
import PeerWire
import SwarmModel
import Testing

@Suite struct MetadataMessageTests {
    @Test func `the examples of BEP 9 are read and written as they stand`() throws {
        let request = try #require(try MetadataMessage(parsing: Array("d8:msg_typei0e5:piecei0ee".utf8)))
        #expect(request.kind == .request && request.piece == 0)
        let data = Array("d8:msg_typei1e5:piecei0e10:total_sizei34256eexxxxxxxx".utf8)
        let message = try #require(try MetadataMessage(parsing: data))
        #expect(message.kind == .data && message.totalSize == 34_256 && data[message.dataOffset...].count == 8)
        #expect(MetadataMessage(.request, piece: 0).encoded == Array("d8:msg_typei0e5:piecei0ee".utf8))
        #expect(MetadataMessage(.reject, piece: 0).encoded == Array("d8:msg_typei2e5:piecei0ee".utf8))
        #expect(MetadataMessage(.data, piece: 0, totalSize: 34_256).encoded == Array(data.dropLast(8)))
    }

    @Test func `what names no kind or no piece is none, and an unknown kind is told apart`() throws {
        for text in ["de", "le", "d8:msg_typei0ee", "d5:piecei0ee", "d8:msg_typei0e5:piecei-1ee"] {
            #expect(try MetadataMessage(parsing: Array(text.utf8)) == nil)
        }
        #expect(try MetadataMessage(parsing: Array("d8:msg_typei9e5:piecei1ee".utf8))?.kind == .other)
        #expect(throws: BencodeError.self) { try MetadataMessage(parsing: Array("d8:msg".utf8)) }
        #expect(throws: BencodeError.self) { try MetadataMessage(parsing: [UInt8]()) }
    }

    @Test func `pieces divide any size without gap`() {
        for size in [1, 16_383, 16_384, 16_385, 100_000] {
            let count = MetadataMessage.pieceCount(of: size)
            let ranges = (0..<count).compactMap { MetadataMessage.range(of: $0, size: size) }
            #expect(ranges.count == count && ranges.flatMap { Array($0) } == Array(0..<size))
            #expect(MetadataMessage.range(of: count, size: size) == nil)
            #expect(MetadataMessage.range(of: -1, size: size) == nil)
        }
    }

    @Test func `before the number of pieces is known any is believed up to a limit`() {
        var bytes: [UInt8] = []
        MessageWriter.have(PieceIndex(1_000_000), into: &bytes)
        MessageWriter.bitfield(Bitfield(count: 77), into: &bytes)
        for cut in 1..<bytes.count {
            let trace = WireTrace(
                bytes, cuts: [cut], parser: PeerStreamParser(pieceCount: nil, expectsHandshake: false))
            #expect(trace.fault == nil && trace.entries.count == 2)
        }
        for bytes: [UInt8] in [[0, 2, 0, 2, 5], [0, 0, 0, 5, 4, 0, 16, 0, 0]] {
            let trace = WireTrace(bytes, cuts: [], parser: PeerStreamParser(pieceCount: nil, expectsHandshake: false))
            #expect(trace.fault != nil)
        }
    }
}
