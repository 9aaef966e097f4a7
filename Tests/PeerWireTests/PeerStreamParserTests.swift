// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel
import Testing

@Suite struct PeerStreamParserTests {
    private static let pieceCount = 21
    private static let block = BlockRange(piece: PieceIndex(UInt32(3)), begin: 16_384, length: 40)

    private static let range = HashRange(
        root: (0..<32).map { UInt8($0) }, layer: 1, index: 0x0102_0304, count: 2, proofLayers: 7)
    private static let rangeBytes =
        (0..<32).map { UInt8($0) } + [0, 0, 0, 1, 1, 2, 3, 4, 0, 0, 0, 2, 0, 0, 0, 7]
    private static let hashes = (0..<64).map { UInt8(100 + $0) }

    private var parser: PeerStreamParser {
        PeerStreamParser(pieceCount: Self.pieceCount, extensionLimit: 2, expectsHandshake: false)
    }

    /// One of each message, with the entries that must come out.
    private func everything() -> (stream: [UInt8], expected: [WireTrace.Entry]) {
        var out: [UInt8] = []
        var pieces = Bitfield(count: Self.pieceCount)
        for piece in [0, 7, 8, 20] { pieces.insert(PieceIndex(piece)) }
        let payload = (0..<40).map { UInt8($0) }
        MessageWriter.bitfield(pieces, into: &out)
        MessageWriter.keepAlive(into: &out)
        MessageWriter.extended(0, payload: Array("d1:v1:xe".utf8), into: &out)
        MessageWriter.choke(into: &out)
        MessageWriter.unchoke(into: &out)
        MessageWriter.interested(into: &out)
        MessageWriter.notInterested(into: &out)
        MessageWriter.have(PieceIndex(UInt32(20)), into: &out)
        MessageWriter.request(Self.block, into: &out)
        MessageWriter.piece(Self.block, into: &out)
        out += payload
        MessageWriter.cancel(Self.block, into: &out)
        MessageWriter.port(6881, into: &out)
        MessageWriter.suggest(PieceIndex(UInt32(1)), into: &out)
        MessageWriter.haveAll(into: &out)
        MessageWriter.haveNone(into: &out)
        MessageWriter.reject(Self.block, into: &out)
        MessageWriter.allowedFast(PieceIndex(UInt32(2)), into: &out)
        out += [0, 0, 0, 4, 99, 1, 2, 3]
        MessageWriter.extended(9, payload: [1, 2, 3, 4], into: &out)
        MessageWriter.extended(2, payload: [], into: &out)
        MessageWriter.hashRequest(Self.range, into: &out)
        MessageWriter.hashes(Self.range, Self.hashes, into: &out)
        MessageWriter.hashReject(Self.range, into: &out)
        MessageWriter.keepAlive(into: &out)
        let expected: [WireTrace.Entry] = [
            .body(.bitfield, pieces.wire), .message(.keepAlive), .body(.extended(0), Array("d1:v1:xe".utf8)),
            .message(.choke), .message(.unchoke), .message(.interested), .message(.notInterested),
            .message(.have(PieceIndex(UInt32(20)))), .message(.request(Self.block)), .message(.block(Self.block)),
            .payload(payload), .message(.blockEnd), .message(.cancel(Self.block)), .message(.port(6881)),
            .message(.suggest(PieceIndex(UInt32(1)))), .message(.haveAll), .message(.haveNone),
            .message(.reject(Self.block)), .message(.allowedFast(PieceIndex(UInt32(2)))), .message(.ignored(99)),
            .message(.ignored(20)), .body(.extended(2), []), .body(.hashRequest, Self.rangeBytes),
            .body(.hashes, Self.rangeBytes + Self.hashes), .body(.hashReject, Self.rangeBytes), .message(.keepAlive),
        ]
        return (out, expected)
    }

    @Test func `every message is read as it was written`() {
        let (stream, expected) = self.everything()
        #expect(WireTrace(stream, parser: self.parser).entries == expected)
    }

    @Test func `byte by byte gives the same`() {
        let (stream, expected) = self.everything()
        #expect(WireTrace(stream, cuts: Array(1..<stream.count), parser: self.parser).entries == expected)
    }

    @Test func `any two cuts give the same`() {
        let (stream, expected) = self.everything()
        var differing = 0
        for first in 1..<stream.count {
            for second in first..<stream.count
            where WireTrace(stream, cuts: [first, second], parser: self.parser).entries != expected {
                differing += 1
            }
        }
        #expect(differing == 0)
    }

    @Test func `the handshake may come in any pieces`() throws {
        let handshake = Handshake(
            infoHash: try #require(InfoHash(bytes: 0..<20)), peerID: try #require(PeerID(bytes: 20..<40)))
        var stream = handshake.encoded
        MessageWriter.interested(into: &stream)
        for cut in 1..<stream.count {
            let trace = WireTrace(stream, cuts: [cut], parser: PeerStreamParser(pieceCount: 1))
            #expect(trace.entries == [.message(.handshake), .message(.interested)])
            #expect(trace.handshake == handshake)
        }
    }

    @Test func `another protocol is known by its first wrong byte`() {
        let trace = WireTrace([19, 66, 65], parser: PeerStreamParser(pieceCount: 1))
        #expect(trace.fault == .notBitTorrent)
    }

    @Test(
        arguments: [
            ([0, 0, 0, 2, 0], WireFault.wrongLength), ([0, 0, 0, 4, 4], .wrongLength),
            ([0, 0, 0, 14, 6], .wrongLength),
            ([0, 0, 0, 12, 8], .wrongLength), ([0, 0, 0, 1, 16], .wrongLength), ([0, 0, 0, 6, 17], .wrongLength),
            ([0, 0, 0, 2, 9], .wrongLength), ([0, 0, 0, 3, 14], .wrongLength), ([0, 0, 0, 1, 20], .wrongLength),
            ([0, 0, 0, 9, 7], .blockLength), ([0, 2, 0, 10, 7], .blockLength),
            ([0xff, 0xff, 0xff, 0xff, 7], .blockLength),
            ([0, 0, 0, 3, 5], .bitfieldLength), ([0, 0, 0, 5, 5], .bitfieldLength), ([0, 0, 0, 1, 5], .bitfieldLength),
            ([0, 0x10, 0, 1, 20], .extensionLength), ([0, 0x10, 0, 1, 77], .unknownLength),
            ([0, 0, 0, 5, 4, 0, 0, 0, 21], .pieceOutOfRange),
            ([0, 0, 0, 5, 13, 0xff, 0xff, 0xff, 0xff], .pieceOutOfRange),
        ] as [([UInt8], WireFault)])
    func `a message that breaks a limit is a fault as soon as its head shows it`(_ bytes: [UInt8], _ fault: WireFault) {
        #expect(WireTrace(bytes, parser: self.parser).fault == fault)
        #expect(WireTrace(bytes, cuts: Array(1..<bytes.count), parser: self.parser).fault == fault)
    }

    @Test func `the longest block and the longest extension message pass`() {
        var stream: [UInt8] = []
        MessageWriter.piece(
            BlockRange(piece: PieceIndex(UInt32(0)), begin: 0, length: WireLimits.blockLength), into: &stream)
        stream += Array(repeating: 1, count: Int(WireLimits.blockLength))
        MessageWriter.extended(
            1, payload: Array(repeating: 2, count: Int(WireLimits.extensionMessageLength) - 2), into: &stream)
        let trace = WireTrace(
            stream, cuts: Array(stride(from: 1000, to: stream.count, by: 65_536)), parser: self.parser)
        #expect(trace.fault == nil)
        #expect(trace.entries.count == 4)
    }

    @Test func `nothing is kept by a declared length alone`() {
        let trace = WireTrace([0, 0x0f, 0xff, 0xff, 20, 1, 5, 5, 5], parser: self.parser)
        #expect(trace.entries.isEmpty)
        #expect(trace.largestBody == 3)
    }

    @Test func `messages and heads are small and trivial`() {
        #expect(MemoryLayout<PeerMessage>.size <= 16)
        let header = MessageWriter.pieceHeader(Self.block)
        var expected: [UInt8] = []
        MessageWriter.piece(Self.block, into: &expected)
        #expect((0..<13).map { header[$0] } == expected)
        #expect(MessageWriter.withPieceHeader(Self.block) { Array($0) } == expected)
        #expect(expected.count == MessageWriter.pieceHeaderLength)
    }

    @Test func `garbage ends in a fault or in waiting, with bounded memory`() {
        var random = SplitMix64(seed: 0x5eed)
        for _ in 0..<2_000 {
            let count = Int(random.next(below: 400))
            var bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            // Half of them look like messages at first.
            if random.next(below: 2) == 0, count > 4 { bytes.replaceSubrange(0..<3, with: [0, 0, 0]) }
            let trace = WireTrace(bytes, parser: self.parser)
            #expect(trace.largestBody <= count)
        }
    }
}
