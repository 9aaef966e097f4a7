// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionUploadTests {
    private let blocks = (0..<6).map { Conversation.block($0) }

    private func serving(fast: Bool = true, limit: Int = 2000) -> Conversation {
        var talk = Conversation.established(fast: fast, have: [0, 1]) { $0.acceptedRequestLimit = limit }
        talk.session.setChoking(false)
        talk.session.clearOutput()
        return talk
    }

    private func requests(_ blocks: some Sequence<BlockRange>) -> [UInt8] {
        Conversation.bytes { out in for block in blocks { MessageWriter.request(block, into: &out) } }
    }

    @Test func `requests are served in their order`() {
        var talk = self.serving()
        talk.feed(self.requests(self.blocks))
        #expect(talk.takeEvents() == self.blocks.map { .requested($0) })
        #expect(talk.session.uploadQueueCount == 6)
        var next: [BlockRange] = []
        talk.session.peekUploads(2, into: &next)
        #expect(next == Array(self.blocks.prefix(2)))
        #expect(talk.session.peekUpload() == self.blocks[0] && talk.session.upload(at: 5) == self.blocks[5])
        let served = (0..<7).map { _ in talk.session.popUpload() }
        #expect(served == self.blocks + [nil])
        #expect(talk.session.peekUpload() == nil)
        talk.session.blockSent(self.blocks[0])
        #expect(talk.session.uploadMeter.total == 16_384)
    }

    @Test func `a cancelled request leaves the queue`() {
        var talk = self.serving()
        talk.feed(self.requests(self.blocks.prefix(3)))
        talk.happenings = []
        talk.feed { MessageWriter.cancel(self.blocks[1], into: &$0) }
        talk.feed { MessageWriter.cancel(self.blocks[1], into: &$0) }
        #expect(talk.takeEvents() == [.cancelled(self.blocks[1])])
        #expect(talk.takeMessages() == [.reject(self.blocks[1])])
        let served = [talk.session.popUpload(), talk.session.popUpload()]
        #expect(served == [self.blocks[0], self.blocks[2]])
    }

    @Test func `cancels that nothing was asked for are small faults`() {
        var talk = self.serving()
        talk.feed(self.requests(self.blocks.prefix(1)))
        _ = talk.session.popUpload()
        talk.happenings = []
        // Its block may be under way: no fault.
        talk.feed { MessageWriter.cancel(self.blocks[0], into: &$0) }
        #expect(talk.takeEvents().isEmpty)
        talk.feed { MessageWriter.cancel(self.blocks[0], into: &$0) }
        #expect(talk.lastViolation == PeerViolation(.needlessCancel, endsConnection: false))
        for _ in 0..<32 { talk.feed { MessageWriter.cancel(self.blocks[0], into: &$0) } }
        #expect(talk.session.ending == .needlessCancel)
    }

    @Test func `a choked peer's queue is dropped, and told so if it is fast`() {
        var fast = self.serving()
        fast.feed(self.requests(self.blocks.prefix(2)))
        fast.session.setChoking(true)
        #expect(fast.takeMessages() == [.choke, .reject(self.blocks[0]), .reject(self.blocks[1])])
        #expect(fast.session.uploadQueueCount == 0)
        var plain = self.serving(fast: false)
        plain.feed(self.requests(self.blocks.prefix(2)))
        plain.session.setChoking(true)
        #expect(plain.takeMessages() == [.choke])
        #expect(plain.session.uploadQueueCount == 0)
    }

    @Test func `requests while choked are refused and become a fault only in excess`() {
        var talk = self.serving(limit: 10)
        talk.session.setChoking(true)
        talk.session.clearOutput()
        for _ in 0..<10 { talk.feed(self.requests(self.blocks.prefix(1))) }
        #expect(talk.takeEvents().isEmpty)
        #expect(talk.takeMessages().count == 10)
        for _ in 0..<33 { talk.feed(self.requests(self.blocks.prefix(1))) }
        #expect(talk.lastViolation == PeerViolation(.requestWhileChoked, endsConnection: true))
        var plain = self.serving(fast: false)
        plain.session.setChoking(true)
        plain.session.clearOutput()
        plain.feed(self.requests(self.blocks))
        #expect(plain.takeEvents().isEmpty && !plain.session.hasOutput)
    }

    @Test func `more requests than we keep are refused`() {
        var talk = self.serving(limit: 2)
        talk.feed(self.requests(self.blocks.prefix(3)))
        #expect(talk.session.uploadQueueCount == 2)
        #expect(talk.lastViolation == PeerViolation(.tooManyRequests, endsConnection: false))
        #expect(talk.takeMessages() == [.reject(self.blocks[2])])
        for _ in 0..<32 { talk.feed(self.requests(self.blocks.prefix(1))) }
        #expect(talk.session.isClosed && talk.session.uploadQueueCount == 0)
    }

    @Test func `a request for a piece that we lack is refused, and served once we have it`() {
        var talk = self.serving()
        let block = Conversation.block(8)
        talk.feed(self.requests([block]))
        #expect(talk.lastViolation == PeerViolation(.requestForMissingPiece, endsConnection: false))
        #expect(talk.takeMessages() == [.reject(block)])
        talk.session.announceHave(block.piece)
        talk.feed(self.requests([block]))
        #expect(talk.session.peekUpload() == block)
    }

    @Test(arguments: [
        BlockRange(piece: PieceIndex(UInt32(40)), begin: 0, length: 16_384),
        BlockRange(piece: PieceIndex(UInt32(0)), begin: 49_153, length: 16_384),
        BlockRange(piece: PieceIndex(UInt32(0)), begin: .max, length: .max),
        BlockRange(piece: PieceIndex(UInt32.max), begin: 0, length: 1),
        BlockRange(piece: PieceIndex(UInt32(0)), begin: 0, length: 0),
    ])
    func `a request beyond the torrent ends the session`(_ block: BlockRange) {
        var talk = self.serving()
        talk.feed(self.requests([block]))
        #expect(talk.lastViolation == PeerViolation(.requestOutOfRange, endsConnection: true))
    }

    @Test func `a request longer than any block ends the session`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 1 << 20, pieceLength: 1 << 20))
        for (length, isFine) in [(WireLimits.blockLength, true), (WireLimits.blockLength + 1, false)] {
            var talk = Conversation.established(have: [0], geometry: geometry)
            talk.session.setChoking(false)
            talk.feed(self.requests([BlockRange(piece: PieceIndex(0), begin: 0, length: length)]))
            #expect(talk.session.isEstablished == isFine)
        }
    }
}
