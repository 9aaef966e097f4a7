// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionDownloadTests {
    private let blocks = (0..<8).map { Conversation.block($0) }

    private func downloading(fast: Bool = true, asking count: Int = 4) -> Conversation {
        var talk = Conversation.established(fast: fast)
        talk.unchoke()
        for block in self.blocks.prefix(count) { talk.request(block) }
        talk.happenings = []
        return talk
    }

    private func arrival(_ block: BlockRange) -> [Conversation.Happening] {
        [
            .payload(block.piece, begin: block.begin, Conversation.payload(of: block)),
            .event(.blockReceived(block)),
        ]
    }

    @Test func `blocks that were asked for are given and counted`() {
        var talk = self.downloading()
        #expect(talk.takeMessages() == self.blocks.prefix(4).map { .request($0) })
        #expect(talk.session.outstandingCount == 4)
        talk.feed(Conversation.piece(self.blocks[0]) + Conversation.piece(self.blocks[1]))
        #expect(talk.takeHappenings() == self.arrival(self.blocks[0]) + self.arrival(self.blocks[1]))
        #expect(talk.session.outstandingCount == 2)
        #expect(talk.session.downloadMeter.total == 32_768)
    }

    @Test func `blocks may come out of order`() {
        var talk = self.downloading()
        for index in [2, 0, 3, 1] { talk.feed(Conversation.piece(self.blocks[index])) }
        #expect(
            talk.takeEvents() == [2, 0, 3, 1].map { .blockReceived(self.blocks[$0]) })
        #expect(talk.session.outstandingCount == 0)
    }

    @Test func `the last block of a torrent is shorter`() {
        var talk = Conversation.established()
        talk.unchoke()
        let last = Conversation.block(159)
        #expect(last.length == 15_384)
        talk.request(last)
        talk.feed(Conversation.piece(last))
        #expect(talk.takeEvents().last == .blockReceived(last))
    }

    @Test func `every slicing of a download gives the same`() {
        let geometry = TorrentGeometry(totalLength: 400, pieceLength: 100)!
        let asked = (0..<4).map { BlockRange(piece: PieceIndex($0), begin: 0, length: 100) }
        let stream =
            Conversation.handshake(extensions: true)
            + Conversation.bytes { out in
                MessageWriter.extended(0, payload: Array("d4:reqqi50ee".utf8), into: &out)
                MessageWriter.haveAll(into: &out)
                MessageWriter.allowedFast(PieceIndex(3), into: &out)
                MessageWriter.unchoke(into: &out)
            }
        let second =
            Conversation.piece(asked[1]) + Conversation.piece(asked[0])
            + Conversation.bytes { out in
                MessageWriter.reject(asked[2], into: &out)
                MessageWriter.request(asked[0], into: &out)
                MessageWriter.cancel(asked[0], into: &out)
                MessageWriter.keepAlive(into: &out)
            } + Conversation.piece(asked[3]) + Conversation.bytes { MessageWriter.choke(into: &$0) }
        func run(_ first: [[UInt8]], _ last: [[UInt8]]) -> [Conversation.Happening] {
            var talk = Conversation(have: [0], geometry: geometry)
            talk.session.setChoking(false)
            talk.session.start(at: talk.now)
            for bytes in first { talk.feed(bytes) }
            for block in asked { talk.request(block) }
            for bytes in last { talk.feed(bytes) }
            return talk.happenings
        }
        let expected = run([stream], [second])
        #expect(expected.count == 14)
        #expect(run(stream.map { [$0] }, second.map { [$0] }) == expected)
        for cut in 1..<stream.count {
            #expect(run([Array(stream[..<cut]), Array(stream[cut...])], [second]) == expected)
        }
        for cut in 1..<second.count {
            #expect(run([stream], [Array(second[..<cut]), Array(second[cut...])]) == expected)
        }
    }

    @Test func `a block that was not asked for is dropped and costs dear`() {
        var talk = self.downloading(asking: 1)
        talk.feed(Conversation.piece(self.blocks[1]))
        #expect(talk.takeHappenings() == [.event(.violation(PeerViolation(.unrequestedBlock, endsConnection: false)))])
        #expect(talk.session.discardedBytes == 16_384)
        talk.feed(Conversation.piece(self.blocks[0]))
        #expect(talk.takeEvents() == [.blockReceived(self.blocks[0])])
        // The same again is not asked for either.
        for _ in 0..<4 { talk.feed(Conversation.piece(self.blocks[0])) }
        #expect(talk.lastViolation == PeerViolation(.unrequestedBlock, endsConnection: true))
    }

    @Test(arguments: [-1, 1]) func `a block of another length ends the session`(_ difference: Int) {
        var talk = self.downloading()
        let block = self.blocks[0]
        talk.feed(
            Conversation.piece(
                BlockRange(piece: block.piece, begin: block.begin, length: UInt32(Int(block.length) + difference))))
        #expect(talk.takeHappenings() == [.event(.violation(PeerViolation(.wrongBlockLength, endsConnection: true)))])
        var left: [BlockRange] = []
        talk.session.dropOutstanding(into: &left)
        #expect(left == Array(self.blocks.prefix(4)))
    }

    @Test func `a cancelled block may still come and is dropped without fault`() {
        var talk = self.downloading()
        _ = talk.takeMessages()
        let wasOutstanding = [talk.session.cancel(self.blocks[1]), talk.session.cancel(self.blocks[1])]
        #expect(wasOutstanding == [true, false])
        #expect(talk.takeMessages() == [.cancel(self.blocks[1])])
        for index in 0..<3 { talk.feed(Conversation.piece(self.blocks[index])) }
        #expect(talk.takeEvents() == [.blockReceived(self.blocks[0]), .blockReceived(self.blocks[2])])
        #expect(talk.session.faultCount == 0)
        // Once only.
        talk.feed(Conversation.piece(self.blocks[1]))
        #expect(talk.lastViolation?.code == .unrequestedBlock)
    }

    @Test func `a block cancelled while it arrives is dropped from there on`() {
        var talk = self.downloading(asking: 1)
        let bytes = Conversation.piece(self.blocks[0])
        talk.feed(Array(bytes[..<1_000]))
        talk.session.cancel(self.blocks[0])
        talk.feed(Array(bytes[1_000...]))
        #expect(talk.takeEvents().isEmpty)
        #expect(talk.session.discardedBytes == UInt64(bytes.count - 1_000))
        talk.request(self.blocks[0])
        talk.feed(bytes)
        #expect(talk.takeHappenings() == self.arrival(self.blocks[0]))
    }

    @Test func `a rejected block is not outstanding any more`() {
        var talk = self.downloading()
        talk.feed { MessageWriter.reject(self.blocks[2], into: &$0) }
        #expect(talk.takeEvents() == [.blockRejected(self.blocks[2])])
        #expect(talk.session.outstandingCount == 3)
        talk.feed { MessageWriter.reject(self.blocks[2], into: &$0) }
        #expect(talk.lastViolation?.code == .unrequestedReject)
    }

    @Test func `the rejection of a cancelled block is no news`() {
        var talk = self.downloading()
        talk.session.cancel(self.blocks[0])
        talk.request(self.blocks[0])
        talk.feed { MessageWriter.reject(self.blocks[0], into: &$0) }
        #expect(talk.takeEvents().isEmpty)
        #expect(talk.session.isOutstanding(self.blocks[0]))
    }

    @Test func `a plain peer that chokes us answers nothing more`() {
        var talk = self.downloading(fast: false)
        talk.feed { MessageWriter.choke(into: &$0) }
        #expect(talk.takeEvents() == [.choked] + self.blocks.prefix(4).map { .blockRejected($0) })
        #expect(talk.session.outstandingCount == 0 && talk.session.requestRoom == 0)
        // What was under way may come.
        talk.feed(Conversation.piece(self.blocks[0]))
        #expect(talk.takeEvents().isEmpty)
    }

    @Test func `a fast peer that chokes us answers everything`() {
        var talk = self.downloading()
        talk.feed { MessageWriter.choke(into: &$0) }
        #expect(talk.takeEvents() == [.choked])
        talk.feed(Conversation.piece(self.blocks[0]))
        talk.feed { out in for block in self.blocks[1..<4] { MessageWriter.reject(block, into: &out) } }
        #expect(
            talk.takeEvents() == [.blockReceived(self.blocks[0])] + self.blocks[1..<4].map { .blockRejected($0) })
        #expect(talk.session.outstandingCount == 0)
    }

    @Test func `a choking peer that answers nothing is not waited for for ever`() {
        var talk = self.downloading()
        talk.feed { MessageWriter.choke(into: &$0) }
        talk.happenings = []
        talk.wait(PeerSession.blockPatience)
        #expect(talk.takeEvents() == self.blocks.prefix(4).map { .blockTimedOut($0) })
        #expect(!talk.session.isSnubbed)
    }

    @Test func `a peer that sends no block for a minute is snubbing us`() {
        var talk = self.downloading()
        _ = talk.takeMessages()
        talk.wait(.seconds(50))
        talk.feed(Conversation.piece(self.blocks[0]))
        talk.happenings = []
        #expect(talk.session.nextDeadline == talk.now + .seconds(50))
        talk.wait(.seconds(59))
        #expect(talk.takeEvents().isEmpty)
        talk.session.clearOutput()
        talk.wait(.seconds(1))
        #expect(talk.takeEvents() == [.snubbed] + self.blocks[1..<4].map { .blockTimedOut($0) })
        #expect(talk.takeMessages() == self.blocks[1..<4].map { .cancel($0) })
        #expect(talk.session.isSnubbed && talk.session.requestRoom == 1 && talk.session.wantsRequests)
        // What comes late is dropped; the next block that was asked for ends it.
        talk.feed(Conversation.piece(self.blocks[1]))
        #expect(talk.takeEvents().isEmpty && talk.session.isSnubbed)
        talk.request(self.blocks[4])
        talk.feed(Conversation.piece(self.blocks[4]))
        #expect(!talk.session.isSnubbed && talk.session.requestRoom == 2)
    }

    @Test func `a peer that serves us and only rejects is left alone for a moment`() {
        var talk = Conversation.established()
        talk.unchoke()
        for _ in 0..<PeerSession.rejectPatience {
            #expect(talk.session.requestRoom > 0)
            talk.request(self.blocks[0])
            talk.feed { MessageWriter.reject(self.blocks[0], into: &$0) }
        }
        #expect(talk.session.requestRoom == 0 && !talk.session.wantsRequests && talk.session.isEstablished)
        #expect(talk.session.nextDeadline == talk.now + PeerSession.rejectPause)
        talk.wait(PeerSession.rejectPause)
        #expect(talk.session.wantsRequests && talk.session.nextDeadline > talk.now)
    }

    @Test func `patience with a silent peer can be configured`() {
        var talk = Conversation.established { $0.blockPatience = .seconds(2) }
        talk.unchoke()
        talk.request(self.blocks[0])
        talk.happenings = []
        talk.wait(.seconds(2))
        #expect(talk.takeEvents() == [.snubbed, .blockTimedOut(self.blocks[0])])
    }

    @Test func `allowed-fast pieces may be asked for while choked`() {
        var talk = Conversation.established()
        #expect(talk.session.allowedFastRoom == 0)
        for _ in 0..<2 { talk.feed { MessageWriter.allowedFast(PieceIndex(1), into: &$0) } }
        #expect(talk.session.allowedFastPieces == [PieceIndex(1)])
        #expect(talk.session.requestRoom == 0 && talk.session.allowedFastRoom > 0)
        talk.request(Conversation.block(4))
        talk.feed(Conversation.piece(Conversation.block(4)))
        #expect(talk.takeEvents() == [.blockReceived(Conversation.block(4))])
    }

    @Test func `no room before the handshake, while choked and after the end`() {
        var talk = Conversation()
        talk.session.start(at: talk.now)
        #expect(talk.session.requestRoom == 0 && !talk.session.wantsRequests)
        talk.feed(Conversation.handshake())
        #expect(talk.session.requestRoom == 0)
        talk.unchoke()
        #expect(talk.session.requestRoom > 0 && talk.session.wantsRequests)
        talk.session.close()
        #expect(talk.session.requestRoom == 0 && !talk.session.wantsRequests)
    }
}
