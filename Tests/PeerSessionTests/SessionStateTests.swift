// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionStateTests {
    @Test func `state messages are told once and kept`() {
        var talk = Conversation.established()
        talk.feed { out in
            MessageWriter.unchoke(into: &out)
            MessageWriter.unchoke(into: &out)
            MessageWriter.interested(into: &out)
            MessageWriter.interested(into: &out)
            MessageWriter.keepAlive(into: &out)
            MessageWriter.port(6881, into: &out)
            MessageWriter.notInterested(into: &out)
            MessageWriter.choke(into: &out)
        }
        #expect(talk.takeEvents() == [.unchoked, .interested, .nodePortReceived, .notInterested, .choked])
        #expect(talk.session.isChokedByPeer && !talk.session.isPeerInterested)
        #expect(talk.session.remoteDHTPort == 6881)
    }

    @Test func `our own changes are sent once`() {
        var talk = Conversation.established()
        for value in [true, true, false] { talk.session.setInterested(value) }
        for value in [true, false, false, true] { talk.session.setChoking(value) }
        talk.session.announceHaves([PieceIndex(4), PieceIndex(4), PieceIndex(5)])
        #expect(
            talk.takeMessages() == [
                .interested, .notInterested, .unchoke, .choke, .have(PieceIndex(4)), .have(PieceIndex(5)),
            ])
    }

    @Test func `the peer's pieces follow its bitfield and its haves`() {
        var talk = Conversation.established()
        var pieces = Bitfield(count: 40)
        pieces.insert(PieceIndex(7))
        talk.feed { out in
            MessageWriter.bitfield(pieces, into: &out)
            MessageWriter.have(PieceIndex(8), into: &out)
            MessageWriter.have(PieceIndex(8), into: &out)
            MessageWriter.have(PieceIndex(7), into: &out)
        }
        #expect(talk.takeEvents() == [.piecesReplaced, .have(PieceIndex(8))])
        #expect(talk.session.remotePieces.setCount == 2)
        #expect(!talk.session.remoteIsSeed)
    }

    @Test func `have all makes a seed and have none nothing`() {
        var seed = Conversation.established()
        seed.feed { MessageWriter.haveAll(into: &$0) }
        #expect(seed.takeEvents() == [.piecesReplaced] && seed.session.remoteIsSeed)
        var empty = Conversation.established()
        empty.feed { MessageWriter.haveNone(into: &$0) }
        #expect(empty.takeEvents() == [.piecesReplaced] && empty.session.remotePieces.isEmpty)
    }

    @Test func `later bitfields add pieces and take none away`() {
        var talk = Conversation.established(fast: false)
        for pieces in [[1, 2], [2, 3], [4]] {
            talk.feed { MessageWriter.bitfield(Self.bitfield(pieces), into: &$0) }
            talk.feed { MessageWriter.interested(into: &$0) }
        }
        #expect(talk.takeEvents().filter { $0 != .interested } == [.piecesReplaced, .piecesReplaced, .piecesReplaced])
        #expect(talk.session.remotePieces == Self.bitfield([1, 2, 3, 4]))
        #expect(talk.session.faultCount == 0)
    }

    @Test func `a first bitfield may come late`() {
        var talk = Conversation.established(fast: false)
        talk.feed { MessageWriter.have(PieceIndex(7), into: &$0) }
        talk.feed { MessageWriter.bitfield(Self.bitfield([3]), into: &$0) }
        #expect(talk.takeEvents() == [.have(PieceIndex(7)), .piecesReplaced])
        #expect(talk.session.remotePieces == Self.bitfield([3, 7]) && talk.session.faultCount == 0)
    }

    @Test func `have all at any time makes a seed, and have none takes nothing back`() {
        var talk = Conversation.established()
        talk.feed { MessageWriter.bitfield(Self.bitfield([1]), into: &$0) }
        talk.feed { MessageWriter.haveNone(into: &$0) }
        #expect(talk.lastViolation == PeerViolation(.needlessBitfield, endsConnection: false))
        #expect(talk.session.remotePieces == Self.bitfield([1]))
        talk.feed { MessageWriter.haveAll(into: &$0) }
        #expect(talk.session.remoteIsSeed && talk.session.faultCount == 1)
    }

    @Test func `a download of a thousand pieces told in bitfields is no fault`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 1_000 * 16_384, pieceLength: 16_384))
        var talk = Conversation.established(fast: false, geometry: geometry)
        var pieces = Bitfield(count: 1_000)
        for piece in 0..<1_000 {
            pieces.insert(PieceIndex(piece))
            talk.feed { MessageWriter.bitfield(pieces, into: &$0) }
        }
        #expect(talk.session.remoteIsSeed && talk.session.faultCount == 0)
    }

    @Test func `bitfields that tell nothing new end the session in the end`() {
        var talk = Conversation.established()
        for _ in 0...33 { talk.feed { MessageWriter.haveAll(into: &$0) } }
        #expect(talk.lastViolation == PeerViolation(.needlessBitfield, endsConnection: true))
    }

    @Test(arguments: [false, true]) func `spare bits end the session`(_ isLate: Bool) throws {
        let geometry = try #require(TorrentGeometry(totalLength: 39 * 65_536, pieceLength: 65_536))
        var talk = Conversation.established(geometry: geometry)
        if isLate { talk.feed { MessageWriter.haveAll(into: &$0) } }
        talk.feed([0, 0, 0, 6, 5, 0, 0, 0, 0, 1])
        #expect(talk.lastViolation == PeerViolation(.spareBits, endsConnection: true))
    }

    private static func bitfield(_ pieces: [Int]) -> Bitfield {
        var bitfield = Bitfield(count: Conversation.geometry.pieceCount)
        for piece in pieces { bitfield.insert(PieceIndex(piece)) }
        return bitfield
    }

    @Test func `messages of extensions that were not agreed on are small faults`() {
        var talk = Conversation.established(fast: false)
        talk.feed { out in
            MessageWriter.haveAll(into: &out)
            MessageWriter.reject(Conversation.block(0), into: &out)
            MessageWriter.allowedFast(PieceIndex(1), into: &out)
            MessageWriter.extended(0, payload: Array("de".utf8), into: &out)
        }
        let fault = PeerEvent.violation(PeerViolation(.notNegotiated, endsConnection: false))
        #expect(talk.takeEvents() == [fault, fault, fault, fault])
        #expect(talk.session.remotePieces.isEmpty && talk.session.isEstablished)
    }

    @Test func `small faults add up to the end, and are forgiven with time`() {
        var hasty = Conversation.established(fast: false)
        for _ in 0..<8 { hasty.feed { MessageWriter.haveAll(into: &$0) } }
        #expect(hasty.session.isEstablished)
        hasty.feed { MessageWriter.haveAll(into: &$0) }
        #expect(hasty.lastViolation == PeerViolation(.notNegotiated, endsConnection: true))
        var slow = Conversation.established(fast: false)
        for _ in 0..<50 {
            slow.feed { MessageWriter.haveAll(into: &$0) }
            slow.now = slow.now + .seconds(40)
        }
        #expect(slow.session.isEstablished && slow.session.faultCount == 50)
    }

    @Test func `a have out of range ends the session`() {
        var talk = Conversation.established()
        talk.feed([0, 0, 0, 5, 4, 0, 0, 0, 40])
        #expect(talk.lastViolation == PeerViolation(.wire(.pieceOutOfRange), endsConnection: true))
    }

    @Test func `a keep-alive goes out after a hundred quiet seconds`() {
        var talk = Conversation.established()
        #expect(talk.session.nextDeadline == talk.now + PeerSession.keepAliveInterval)
        talk.wait(.seconds(99))
        #expect(!talk.session.hasOutput)
        talk.feed([0, 0, 0, 0])
        talk.wait(.seconds(1))
        #expect(talk.takeMessages() == [.keepAlive])
        #expect(talk.session.nextDeadline == talk.now + PeerSession.keepAliveInterval)
    }

    @Test func `the first keep-alive may be sent sooner, and only the first`() {
        var talk = Conversation.established(configure: { $0.firstKeepAlive = .seconds(1) })
        #expect(talk.session.nextDeadline == talk.now + .seconds(1))
        talk.wait(.seconds(1))
        #expect(talk.takeMessages() == [.keepAlive])
        #expect(talk.session.nextDeadline == talk.now + PeerSession.keepAliveInterval)
        talk.wait(.seconds(99))
        #expect(!talk.session.hasOutput)
    }

    @Test func `a peer that says nothing for three minutes is gone`() {
        var talk = Conversation.established()
        talk.wait(.seconds(179))
        #expect(talk.takeEvents().isEmpty)
        talk.wait(.seconds(1))
        #expect(talk.takeEvents() == [.violation(PeerViolation(.silent, endsConnection: true))])
    }

    @Test func `events are small and trivial`() {
        #expect(MemoryLayout<PeerEvent>.stride <= 24)
        #expect(MemoryLayout<PeerViolation>.size <= 4)
    }
}
