// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionEnduranceTests {
    @Test func `a long download needs no more room than a short one`() {
        let geometry = TorrentGeometry(totalLength: 1 << 34, pieceLength: 1 << 20)!
        var talk = Conversation.established(geometry: geometry)
        talk.unchoke()
        talk.happenings = []
        var events: [PeerEvent] = []
        events.reserveCapacity(64)
        var asked = 0
        var answered = 0
        var message = Conversation.piece(Conversation.block(0, geometry: geometry))
        var capacities = Set<[Int]>()
        while answered < 20_000 {
            while talk.session.requestRoom > 0 {
                talk.request(Conversation.block(asked, geometry: geometry))
                asked += 1
            }
            talk.session.clearOutput()
            let block = Conversation.block(answered, geometry: geometry)
            message.replaceSubrange(0..<13, with: MessageWriter.withPieceHeader(block) { Array($0) })
            talk.now = talk.now + .milliseconds(1)
            talk.session.receive(message.span.bytes, at: talk.now, into: &events)
            #expect(events.count == 2 && events.last == .blockReceived(block))
            events.removeAll(keepingCapacity: true)
            answered += 1
            if answered > 2_000 { capacities.insert([events.capacity, talk.session.output.capacity]) }
        }
        #expect(capacities.count == 1)
    }

    /// Random bytes, random messages with random numbers, random cuts, random own actions, random time.
    @Test(arguments: 0..<60) func `garbage never traps and never grows`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var talk = Conversation(have: [0, 1, 2]) { $0.acceptedRequestLimit = 50 }
        talk.session.start(at: talk.now)
        talk.session.setChoking(false)
        talk.feed(Conversation.handshake(fast: random.next(below: 2) == 0, extensions: random.next(below: 2) == 0))
        var steps = 0
        while !talk.session.isClosed, steps < 3_000 {
            steps += 1
            self.act(on: &talk, &random)
            var bytes = self.message(&random)
            while !bytes.isEmpty {
                let count = min(bytes.count, 1 + Int(random.next(below: 40)))
                talk.feed(Array(bytes.prefix(count)))
                bytes.removeFirst(count)
            }
            if random.next(below: 20) == 0 { talk.wait(.seconds(Int64(random.next(below: 70)))) }
            #expect(talk.session.uploadQueueCount <= 50)
            #expect(talk.session.outstandingCount <= talk.session.configuration.maximumWindow)
            #expect(talk.session.extensionBytes.count <= 1 << 20)
            talk.session.clearOutput()
            talk.happenings = []
        }
        var left: [BlockRange] = []
        let outstanding = talk.session.outstandingCount
        talk.session.dropOutstanding(into: &left)
        #expect(left.count == outstanding && talk.session.outstandingCount == 0)
    }

    private func act(on talk: inout Conversation, _ random: inout SplitMix64) {
        switch random.next(below: 8) {
        case 0: talk.session.setChoking(random.next(below: 2) == 0)
        case 1: talk.session.setInterested(random.next(below: 2) == 0)
        case 2: talk.session.announceHave(PieceIndex(Int(random.next(below: 40))))
        case 3: _ = talk.session.popUpload()
        case 4: talk.session.cancel(Conversation.block(Int(random.next(below: 20))))
        case 5, 6:
            guard talk.session.requestRoom > 0 else { return }
            let block = Conversation.block(Int(random.next(below: 20)))
            if !talk.session.isOutstanding(block) { talk.request(block) }
        default: break
        }
    }

    private func message(_ random: inout SplitMix64) -> [UInt8] {
        let piece = PieceIndex(UInt32(random.next(below: 40)))
        let block = Conversation.block(Int(random.next(below: 20)))
        return Conversation.bytes { out in
            switch random.next(below: 16) {
            case 0: MessageWriter.choke(into: &out)
            case 1, 2: MessageWriter.unchoke(into: &out)
            case 3: MessageWriter.interested(into: &out)
            case 4: MessageWriter.have(piece, into: &out)
            case 5, 6: MessageWriter.request(block, into: &out)
            case 7: MessageWriter.cancel(block, into: &out)
            case 8: MessageWriter.reject(block, into: &out)
            case 9, 10: out += Conversation.piece(block)
            case 11: MessageWriter.allowedFast(piece, into: &out)
            case 12: MessageWriter.extended(UInt8(random.next(below: 3)), payload: Array("de".utf8), into: &out)
            case 13: MessageWriter.keepAlive(into: &out)
            case 14: MessageWriter.port(1, into: &out)
            default:
                guard random.next(below: 40) == 0 else { return }
                for _ in 0..<random.next(below: 60) { out.append(UInt8(truncatingIfNeeded: random.next())) }
            }
        }
    }
}
