// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionAllowedFastTests {
    @Test func `what is allowed is served while choked, twice at most, and stays when we choke`() {
        var talk = Conversation.established(have: [0, 1])
        talk.session.allowFast([PieceIndex(0), PieceIndex(5)])
        #expect(talk.takeMessages() == [.allowedFast(PieceIndex(0))])
        let block = Conversation.block(0)
        talk.feed { MessageWriter.request(block, into: &$0) }
        #expect(talk.takeEvents() == [.requested(block)])
        talk.session.setChoking(false)
        talk.feed { MessageWriter.request(Conversation.block(4), into: &$0) }
        talk.session.setChoking(true)
        #expect(talk.session.uploadQueueCount == 1 && talk.session.peekUpload() == block)
        #expect(talk.takeMessages().contains(.reject(Conversation.block(4))))
        for _ in 0..<20 { talk.feed { MessageWriter.request(block, into: &$0) } }
        #expect(talk.session.uploadQueueCount == 8)
    }

    @Test func `a piece that the peer has lost is not counted any more`() {
        var talk = Conversation.established(extensions: true)
        talk.feed { MessageWriter.haveAll(into: &$0) }
        talk.happenings = []
        talk.feed { MessageWriter.extended(PeerSession.dontHaveID, payload: [0, 0, 0, 3], into: &$0) }
        #expect(talk.takeEvents() == [.piecesReplaced])
        #expect(!talk.session.remotePieces[PieceIndex(3)] && !talk.session.remoteIsSeed)
        talk.feed { MessageWriter.extended(PeerSession.dontHaveID, payload: [0, 0, 0, 3], into: &$0) }
        #expect(talk.takeEvents().isEmpty)
        for payload: [UInt8] in [[], [0, 0, 3], [0, 0, 0, 40], [0, 0, 0, 1, 2]] {
            var other = Conversation.established(extensions: true)
            other.feed { MessageWriter.extended(PeerSession.dontHaveID, payload: payload, into: &$0) }
            #expect(other.lastViolation?.code == .malformedExtension)
        }
    }
}
