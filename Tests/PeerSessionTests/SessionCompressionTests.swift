// SPDX-License-Identifier: Apache-2.0

import Deflate
import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionCompressionTests {
    private let blocks = (0..<8).map { Conversation.block($0) }
    private let stream = (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    private func downloading(accepts: Bool = true, asking count: Int = 3) -> Conversation {
        var talk = Conversation.established(extensions: true) { $0.acceptsCompressed = accepts }
        talk.unchoke()
        for block in self.blocks.prefix(count) { talk.request(block) }
        talk.happenings = []
        talk.session.clearOutput()
        return talk
    }

    static func message(_ block: BlockRange, _ stream: [UInt8]) -> [UInt8] {
        let header = MessageWriter.compressedHeader(block, count: stream.count, id: PeerSession.deflateID)
        return header.indices.map { header[$0] } + stream
    }

    private func announced(_ talk: inout Conversation) throws -> ExtendedHandshake? {
        var output: [UInt8] = []
        talk.session.takeOutput(into: &output)
        let isFirst = output.starts(with: Handshake.preamble)
        var parser = PeerStreamParser(pieceCount: 40, expectsHandshake: isFirst)
        var cursor = 0
        while true {
            switch parser.next(in: output.span.bytes, at: &cursor) {
            case .extended(0): return try ExtendedHandshake(parsing: parser.body)
            case .needMore, .fault: return nil
            default: continue
            }
        }
    }

    @Test func `both sides tell what they take`() throws {
        var talk = Conversation { ($0.acceptsCompressed, $0.acceptedBlockLength) = (true, 131_072) }
        talk.session.start(at: talk.now)
        talk.feed(Conversation.handshake(extensions: true))
        let own = try #require(try self.announced(&talk))
        #expect(own.messages["sw_deflate"] == 1 && own.blockLimit == 131_072)
        #expect(talk.session.remoteDeflateID == nil && talk.session.requestUnit == 1)
        talk.feed {
            MessageWriter.extended(0, payload: Array("d1:md10:sw_deflatei7ee9:sw_reqmaxi131072ee".utf8), into: &$0)
        }
        #expect(talk.session.remoteDeflateID == 7 && talk.session.requestUnit == 8)
        talk.feed { MessageWriter.extended(0, payload: Array("d1:md10:sw_deflatei0eee".utf8), into: &$0) }
        #expect(talk.session.remoteDeflateID == nil && talk.session.requestUnit == 8)
    }

    @Test func `a handshake that changes something names all messages again`() throws {
        var talk = Conversation {
            ($0.acceptsCompressed, $0.acceptedBlockLength, $0.exchangesPeers) = (true, 131_072, true)
        }
        talk.session.start(at: talk.now)
        talk.feed(Conversation.handshake(extensions: true))
        let first = try #require(try self.announced(&talk)).messages
        #expect(Set(first.keys) == ["sw_deflate", "ut_metadata", "lt_donthave", "ut_pex"])
        talk.session.setUploadOnly(true)
        #expect(try self.announced(&talk)?.messages == first)
        talk.session.setAcceptedBlockLength(16_384)
        #expect(try self.announced(&talk)?.messages == first)
        talk.session.setAcceptsCompressed(false)
        #expect(try self.announced(&talk)?.messages == first.merging(["sw_deflate": 0]) { $1 })
    }

    @Test func `others see nothing of it`() throws {
        var talk = Conversation()
        talk.session.start(at: talk.now)
        talk.feed(Conversation.handshake(extensions: true))
        let own = try #require(try self.announced(&talk))
        #expect(own.messages["sw_deflate"] == nil && own.blockLimit == nil)
    }

    @Test func `a change of mind is told`() throws {
        var talk = self.downloading()
        talk.session.setAcceptsCompressed(true)
        #expect(!talk.session.hasOutput)
        talk.session.setAcceptsCompressed(false)
        let no = try self.announced(&talk)
        #expect(no?.messages["sw_deflate"] == 0)
        // It may be under way.
        talk.feed(Self.message(self.blocks[0], self.stream))
        #expect(talk.takeEvents().last == .blockReceived(self.blocks[0]))
        talk.session.setAcceptsCompressed(true)
        let yes = try self.announced(&talk)
        #expect(yes?.messages["sw_deflate"] == 1)
    }

    @Test func `how long blocks may be is told when it changes`() throws {
        var talk = self.downloading()
        talk.session.setAcceptedBlockLength(16_384)
        #expect(!talk.session.hasOutput)
        talk.session.setAcceptedBlockLength(131_072)
        #expect(try self.announced(&talk)?.blockLimit == 131_072)
        talk.session.setAcceptedBlockLength(16_384)
        #expect(try self.announced(&talk)?.blockLimit == 16_384)
        talk.feed { MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi131072ee".utf8), into: &$0) }
        #expect(talk.session.requestUnit == 8)
        talk.feed { MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi16384ee".utf8), into: &$0) }
        #expect(talk.session.requestUnit == 1)
    }

    @Test func `every slicing of compressed and plain answers gives the same`() {
        let bytes =
            Self.message(self.blocks[1], self.stream) + Conversation.piece(BlockRange.small(1))
            + Self.message(BlockRange.small(0), [3, 0]) + Self.message(BlockRange.small(2), [1, 2, 3])
        let asked = [self.blocks[1]] + (0..<3).map { BlockRange.small($0) }
        func run(_ slices: [[UInt8]]) -> [[UInt8]] {
            var talk = self.downloading(asking: 0)
            for block in asked { talk.request(block) }
            talk.happenings = []
            var streams: [[UInt8]] = []
            for slice in slices {
                talk.feed(slice)
                for happening in talk.takeHappenings() {
                    switch happening {
                    case .event(.compressedBlock(let block, let offset, let count)):
                        streams.append([UInt8(block.begin >> 8)])
                        streams.append(Array(talk.session.extensionBytes[Int(offset)..<Int(offset + count)]))
                    case .event(.blockReceived(let block)): streams.append([1, UInt8(block.begin >> 8)])
                    case .payload(_, _, let bytes):
                        if streams.last?.first == 42 {
                            streams[streams.count - 1] += bytes
                        } else {
                            streams.append([42] + bytes)
                        }
                    case .event: streams.append([99])
                    }
                }
            }
            #expect(talk.session.outstandingCount == 0 && talk.session.faultCount == 0)
            #expect(talk.session.downloadMeter.total == 16_384 + 300)
            return streams
        }
        let expected = run([bytes])
        #expect(expected.count == 11)
        #expect(run(bytes.map { [$0] }) == expected)
        for cut in 1..<bytes.count { #expect(run([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected) }
    }

    @Test func `a message that was never agreed on is a fault`() {
        var talk = self.downloading(accepts: false)
        talk.feed(Self.message(self.blocks[0], self.stream))
        #expect(talk.lastViolation == PeerViolation(.notNegotiated, endsConnection: false))
        #expect(talk.session.isOutstanding(self.blocks[0]))
        for _ in 0..<8 { talk.feed(Self.message(self.blocks[0], self.stream)) }
        #expect(talk.session.isClosed)
    }

    @Test func `a block that was not asked for is a fault`() {
        var talk = self.downloading()
        talk.feed(Self.message(self.blocks[5], self.stream))
        #expect(talk.lastViolation == PeerViolation(.unrequestedBlock, endsConnection: false))
        talk.feed(Self.message(self.blocks[0], self.stream))
        talk.feed(Self.message(self.blocks[0], self.stream))
        #expect(talk.session.faultCount == 2)
        #expect(talk.session.discardedBytes == 1_000)
    }

    @Test func `another length than was asked for ends the session`() {
        for length in [16_383, 16_385, 32_768] as [UInt32] {
            var talk = self.downloading()
            talk.feed(Self.message(BlockRange(piece: self.blocks[0].piece, begin: 0, length: length), self.stream))
            #expect(talk.lastViolation == PeerViolation(.wrongBlockLength, endsConnection: true))
        }
    }

    @Test(arguments: [0, 1, 11, 12]) func `a message without a stream ends the session`(_ count: Int) {
        var talk = self.downloading()
        talk.feed {
            MessageWriter.extended(PeerSession.deflateID, payload: [UInt8](repeating: 0, count: count), into: &$0)
        }
        #expect(talk.lastViolation == PeerViolation(.malformedCompressedBlock, endsConnection: true))
    }

    @Test func `a stream as long as its block ends the session`() {
        var talk = self.downloading()
        talk.feed(Self.message(self.blocks[0], [UInt8](repeating: 1, count: 16_384)))
        #expect(talk.lastViolation == PeerViolation(.malformedCompressedBlock, endsConnection: true))
    }

    @Test func `a stream that does not inflate ends the session and is blamed`() {
        var talk = self.downloading()
        talk.feed(Self.message(self.blocks[0], self.stream))
        let violation = talk.session.inflateFailed(.limitExceeded(limit: 16_384))
        #expect(violation.endsConnection && violation.severity == 5 && talk.session.isClosed)
        #expect(talk.session.ending == .badCompression(.tooLong))
        // That we have no memory is nobody's fault.
        #expect(PeerViolation(.badCompression(.outOfMemory), endsConnection: true).severity == 0)
    }

    @Test func `a block that was given up is dropped without fault`() {
        var talk = self.downloading()
        talk.session.cancel(self.blocks[0])
        talk.feed(Self.message(self.blocks[0], self.stream))
        #expect(talk.takeEvents() == [])
        #expect(talk.session.faultCount == 0 && talk.session.discardedBytes == 500)
    }
}

extension BlockRange {
    /// A hundred bytes, the `index`-th of the second piece.
    fileprivate static func small(_ index: UInt32) -> BlockRange {
        BlockRange(piece: PieceIndex(1), begin: index * 1024, length: 100)
    }
}
