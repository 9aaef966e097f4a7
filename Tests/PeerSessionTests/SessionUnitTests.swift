// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

/// Several blocks asked for at once (`sw_reqmax`).
@Suite struct SessionUnitTests {
    static let geometry = Conversation.known(TorrentGeometry(totalLength: (5 << 20) - 20_000, pieceLength: 1 << 20))

    private func block(_ index: Int) -> BlockRange { Conversation.block(index, geometry: Self.geometry) }

    private func range(_ index: Int, _ length: UInt32) -> BlockRange {
        BlockRange(piece: self.block(index).piece, begin: self.block(index).begin, length: length)
    }

    /// A conversation with a peer that takes requests of so many bytes.
    private func downloading(limit: Int = 131_072, fast: Bool = true) -> Conversation {
        var talk = Conversation.established(fast: fast, extensions: true, geometry: Self.geometry)
        talk.feed { MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi\(limit)ee".utf8), into: &$0) }
        talk.unchoke()
        talk.happenings = []
        talk.session.clearOutput()
        return talk
    }

    private func asked(_ talk: inout Conversation, _ indices: some Sequence<Int>) -> [PeerMessage] {
        talk.session.request(indices.map { self.block($0) }, at: talk.now)
        return talk.takeMessages()
    }

    @Test(arguments: [
        (131_072, 8), (1 << 20, 8), (131_071, 4), (65_536, 4), (16_384, 1), (32_767, 1), (1, 1), (49_152, 2),
    ])
    func `the unit is what both take, a power of two`(_ limit: Int, _ unit: Int) {
        #expect(self.downloading(limit: limit).session.requestUnit == unit)
    }

    @Test func `blocks in a row are asked for at once where they make up a unit`() {
        var talk = self.downloading()
        #expect(self.asked(&talk, 0..<16) == [.request(self.range(0, 131_072)), .request(self.range(8, 131_072))])
        #expect(talk.session.outstandingCount == 16)
        // Not aligned, too few, with a gap: one by one.
        let single1 = self.asked(&talk, [17, 18, 19, 24, 25, 27])
        #expect(single1.count == 6)
        // The end of a piece, and of the torrent, is a unit whatever its length.
        #expect(self.asked(&talk, 304..<312) == [.request(self.range(304, 131_072))])
        #expect(self.asked(&talk, 312..<319) == [.request(self.range(312, 111_072))])
        let single60 = self.asked(&talk, 60..<68)
        #expect(single60.count == 8)
    }

    @Test func `a piece shorter than a unit is asked for at once`() {
        var talk = Conversation.established(extensions: true)
        talk.feed { MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi131072ee".utf8), into: &$0) }
        talk.unchoke()
        talk.session.clearOutput()
        talk.session.request((0..<8).map { Conversation.block($0) }, at: talk.now)
        let piece = BlockRange(piece: PieceIndex(0), begin: 0, length: 65_536)
        let next = BlockRange(piece: PieceIndex(1), begin: 0, length: 65_536)
        #expect(talk.takeMessages() == [.request(piece), .request(next)])
    }

    @Test func `other clients are asked for single blocks`() {
        var talk = Conversation.established(geometry: Self.geometry)
        talk.unchoke()
        talk.session.clearOutput()
        talk.session.request((0..<16).map { self.block($0) }, at: talk.now)
        #expect(talk.takeMessages() == (0..<16).map { .request(self.block($0)) })
    }

    @Test func `room is counted in whole units while something is outstanding`() {
        var talk = self.downloading()
        #expect(talk.session.windowSize == 16 && talk.session.requestRoom == 16)
        _ = self.asked(&talk, [0])
        #expect(talk.session.requestRoom == 8)
        _ = self.asked(&talk, 8..<16)
        #expect(talk.session.requestRoom == 0 && !talk.session.wantsRequests)
    }

    @Test func `each block of an answer is told as it comes, in every slicing`() {
        let whole = self.range(8, 131_072)
        let bytes = Conversation.piece(whole)
        func run(_ cuts: [Int]) -> [Conversation.Happening] {
            var talk = self.downloading()
            _ = self.asked(&talk, 8..<16)
            var start = 0
            for end in cuts + [bytes.count] {
                talk.feed(Array(bytes[start..<end]))
                start = end
            }
            #expect(talk.session.outstandingCount == 0 && talk.session.faultCount == 0)
            #expect(talk.session.downloadMeter.total == 131_072)
            return talk.happenings
        }
        let expected = run([])
        let payload = Conversation.payload(of: whole)
        #expect(
            expected
                == (0..<8).flatMap { index -> [Conversation.Happening] in
                    let block = self.block(8 + index)
                    return [
                        .payload(
                            block.piece, begin: block.begin, Array(payload[index * 16_384..<(index + 1) * 16_384])),
                        .event(.blockReceived(block)),
                    ]
                })
        for border in stride(from: 13, to: bytes.count, by: 16_384) {
            for cut in [border - 1, border, border + 1] where cut > 0 { #expect(run([cut]) == expected) }
        }
        #expect(run(Array(stride(from: 1, to: bytes.count, by: 1_021))) == expected)
    }

    @Test func `a block in the middle can be taken back, and the request when nothing of it is wanted`() {
        var talk = self.downloading()
        _ = self.asked(&talk, 0..<8)
        #expect(talk.session.cancel(self.block(3)) == true)
        #expect(talk.session.cancel(self.block(3)) == false)
        #expect(!talk.session.isOutstanding(self.block(3)) && talk.session.outstandingCount == 7)
        #expect(talk.takeMessages() == [])
        talk.feed(Conversation.piece(self.range(0, 131_072)))
        #expect(talk.takeEvents() == [0, 1, 2, 4, 5, 6, 7].map { .blockReceived(self.block($0)) })
        #expect(talk.session.discardedBytes == 16_384 && talk.session.outstandingCount == 0)
        _ = self.asked(&talk, 8..<16)
        for index in 8..<16 { #expect(talk.session.cancel(self.block(index)) == true) }
        #expect(talk.takeMessages() == [.cancel(self.range(8, 131_072))])
        // It may be under way: plain or refused.
        talk.feed { MessageWriter.reject(self.range(8, 131_072), into: &$0) }
        #expect(talk.takeEvents() == [])
        #expect(talk.session.faultCount == 0)
    }

    @Test func `blocks taken back while they arrive are dropped from then on`() {
        var talk = self.downloading()
        _ = self.asked(&talk, 0..<8)
        let bytes = Conversation.piece(self.range(0, 131_072))
        talk.feed(Array(bytes.prefix(13 + 20_000)))
        #expect(talk.takeEvents() == [.blockReceived(self.block(0))])
        for index in 1..<8 { #expect(talk.session.cancel(self.block(index)) == true) }
        talk.feed(Array(bytes.dropFirst(13 + 20_000)) + Conversation.bytes { MessageWriter.keepAlive(into: &$0) })
        #expect(talk.takeEvents() == [])
        #expect(talk.session.faultCount == 0)
        #expect(talk.session.discardedBytes == 131_072 - 20_000)
        #expect(talk.session.outstandingCount == 0)
    }

    @Test func `a refusal, a choke and a silence give every block back`() {
        var talk = self.downloading()
        _ = self.asked(&talk, 0..<16)
        talk.feed { MessageWriter.reject(self.range(0, 131_072), into: &$0) }
        #expect(talk.takeEvents() == (0..<8).map { .blockRejected(self.block($0)) })
        talk.wait(PeerSession.blockPatience)
        #expect(talk.takeEvents() == [.snubbed] + (8..<16).map { .blockTimedOut(self.block($0)) })
        let messages = talk.takeMessages()
        #expect(messages.contains(.cancel(self.range(8, 131_072))))
        #expect(talk.session.outstandingCount == 0)
        // A peer that sends nothing is asked for one block at a time.
        #expect(talk.session.requestUnit == 1 && talk.session.requestRoom == 1)
        var old = self.downloading(fast: false)
        _ = self.asked(&old, 0..<8)
        old.feed { MessageWriter.choke(into: &$0) }
        #expect(old.takeEvents() == [.choked] + (0..<8).map { .blockRejected(self.block($0)) })
    }

    @Test func `a compressed answer serves all its blocks but those taken back`() {
        var talk = Conversation.established(extensions: true, geometry: Self.geometry) { $0.acceptsCompressed = true }
        talk.feed { MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi131072ee".utf8), into: &$0) }
        talk.unchoke()
        _ = self.asked(&talk, 0..<8)
        talk.session.cancel(self.block(2))
        talk.happenings = []
        talk.feed(SessionCompressionTests.message(self.range(0, 131_072), [1, 2, 3, 4]))
        #expect(
            talk.takeEvents() == [.compressedBlock(self.range(0, 131_072), offset: 0, count: 4)]
                + [0, 1, 3, 4, 5, 6, 7].map { .blockReceived(self.block($0)) })
        #expect(talk.session.outstandingCount == 0 && talk.session.downloadMeter.total == 7 * 16_384)
    }

    @Test func `requests of a unit are served and longer ones are not`() {
        var talk = Conversation.established(have: [0], geometry: Self.geometry)
        talk.session.setChoking(false)
        talk.feed { MessageWriter.request(self.range(0, 131_072), into: &$0) }
        #expect(talk.takeEvents() == [.requested(self.range(0, 131_072))])
        talk.feed { MessageWriter.request(self.range(0, 131_073), into: &$0) }
        #expect(talk.lastViolation == PeerViolation(.requestOutOfRange, endsConnection: true))
    }

    /// Random units, cancels, answers and refusals, against a plain account of what is outstanding.
    @Test(arguments: 0..<8) func `the account of outstanding blocks is right whatever happens`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var talk = self.downloading()
        var requests: [BlockRange] = []
        var wanted = Set<BlockRange>()
        for _ in 0..<250 {
            switch random.next(below: 5) {
            case 0, 1:
                let start = Int(random.next(below: 38)) * 8
                let blocks = (start..<start + 8).map { self.block($0) }
                guard wanted.isDisjoint(with: blocks), wanted.count < 100 else { continue }
                talk.session.request(blocks, at: talk.now)
                wanted.formUnion(blocks)
                requests += talk.takeMessages().compactMap { if case .request(let range) = $0 { range } else { nil } }
            case 2:
                guard let block = wanted.min(by: { $0.hashValue < $1.hashValue }) else { continue }
                #expect(talk.session.cancel(block) == true)
                wanted.remove(block)
            case 3:
                guard !requests.isEmpty else { continue }
                let range = requests.removeFirst()
                talk.feed(
                    Conversation.bytes { MessageWriter.piece(range, into: &$0) }
                        + [UInt8](repeating: 0, count: Int(range.length)))
            default:
                guard !requests.isEmpty else { continue }
                let range = requests.remove(at: Int(random.next(below: UInt64(requests.count))))
                talk.feed { MessageWriter.reject(range, into: &$0) }
            }
            for event in talk.takeEvents() {
                switch event {
                case .blockReceived(let block), .blockRejected(let block): #expect(wanted.remove(block) != nil)
                default: Issue.record("\(event)")
                }
            }
            #expect(talk.session.outstandingCount == wanted.count)
        }
        #expect(talk.session.faultCount == 0)
    }
}
