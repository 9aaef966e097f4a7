// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionMetadataTests {
    static let nothing = Conversation.known(TorrentGeometry(totalLength: 0, pieceLength: 16_384))

    /// A session that knows only the info-hash, past the handshakes.
    static func waiting(fast: Bool = true) -> Conversation {
        .established(fast: fast, extensions: true, geometry: Self.nothing)
    }

    static func adopt(_ talk: inout Conversation, have: [Int] = []) -> [PeerEvent] {
        var pieces = Bitfield(count: Conversation.geometry.pieceCount)
        for piece in have { pieces.insert(PieceIndex(piece)) }
        var events: [PeerEvent] = []
        talk.session.adopt(Conversation.geometry, have: pieces, metadataSize: 900, at: talk.now, into: &events)
        return events
    }

    @Test func `what a peer told before the metadata were known counts afterwards, in every slicing`() {
        var pieces = Bitfield(count: 40)
        for piece in [0, 7, 39] { pieces.insert(PieceIndex(piece)) }
        let bytes = Conversation.bytes { out in
            MessageWriter.bitfield(pieces, into: &out)
            MessageWriter.have(PieceIndex(12), into: &out)
            MessageWriter.unchoke(into: &out)
        }
        for cut in 0...bytes.count {
            for early in [false, true] {
                var talk = Self.waiting()
                talk.feed(Array(bytes[..<cut]))
                // The rest may be read when it is known how many pieces there are.
                if early { #expect(Self.adopt(&talk).isEmpty) }
                talk.feed(Array(bytes[cut...]))
                if !early { #expect(Self.adopt(&talk).isEmpty) }
                #expect(talk.lastViolation == nil && talk.session.isSized)
                #expect(talk.session.remotePieces.setCount == 4 && talk.session.remotePieces[PieceIndex(12)])
                #expect(!talk.session.isChokedByPeer && !talk.session.remoteIsSeed)
            }
        }
    }

    @Test func `have all and have none count afterwards`() {
        var seed = Self.waiting()
        seed.feed { MessageWriter.haveAll(into: &$0) }
        #expect(seed.session.remoteIsSeed)
        #expect(Self.adopt(&seed).isEmpty && seed.session.remoteIsSeed)
        var empty = Self.waiting()
        empty.feed { MessageWriter.haveNone(into: &$0) }
        #expect(!empty.session.remoteIsSeed)
        #expect(Self.adopt(&empty).isEmpty && empty.session.remotePieces.isEmpty)
    }

    @Test func `the peer hears what we have and that it can have the metadata`() throws {
        var talk = Self.waiting()
        _ = Self.adopt(&talk, have: [3, 5])
        #expect(talk.takeMessages().contains(.have(PieceIndex(3))))
        var before = Conversation(geometry: Self.nothing)
        _ = Self.adopt(&before, have: [3])
        before.session.start(at: before.now)
        before.feed(Conversation.handshake(extensions: true))
        #expect(before.takeMessages().contains(.bitfield))
    }

    @Test func `pieces beyond the torrent end the session when it is sized`() {
        var wide = Bitfield(count: 100)
        wide.insert(PieceIndex(99))
        for bytes in [
            Conversation.bytes { MessageWriter.bitfield(wide, into: &$0) },
            Conversation.bytes { MessageWriter.have(PieceIndex(40), into: &$0) },
        ] {
            var talk = Self.waiting()
            talk.feed(bytes)
            #expect(talk.lastViolation == nil)
            #expect(Self.adopt(&talk) == [.violation(PeerViolation(.spareBits, endsConnection: true))])
            #expect(talk.session.isClosed)
        }
    }

    @Test func `a request for what nobody knows yet ends the session`() {
        var talk = Self.waiting()
        talk.feed { MessageWriter.request(Conversation.block(0), into: &$0) }
        #expect(talk.lastViolation?.code == .requestOutOfRange)
    }

    @Test func `messages of the exchange go to and fro by the numbers that each side gave`() {
        var talk = Self.waiting()
        #expect(talk.session.remoteNumber(of: ExtendedHandshake.metadataName) == nil)
        var hello = ExtendedHandshake()
        hello.messages[ExtendedHandshake.metadataName] = 9
        hello.metadataSize = 30
        talk.feed { MessageWriter.extended(0, payload: hello.encoded, into: &$0) }
        talk.session.clearOutput()
        talk.session.sendExtended(
            ExtendedHandshake.metadataName, payload: MetadataMessage(.request, piece: 0).encoded)
        #expect(talk.session.output[4..<6].elementsEqual([MessageID.extended, 9]))
        talk.happenings = []
        talk.feed { MessageWriter.extended(PeerSession.metadataID, payload: [1, 2, 3], into: &$0) }
        #expect(talk.takeEvents() == [.extensionMessage(id: PeerSession.metadataID, offset: 0, count: 3)])
    }

    @Test func `a message longer than any piece ends the session`() {
        var talk = Self.waiting()
        let payload = [UInt8](repeating: 0, count: WireLimits.metadataMessageLength + 1)
        talk.feed { MessageWriter.extended(PeerSession.metadataID, payload: payload, into: &$0) }
        #expect(talk.lastViolation?.code == .malformedMetadata)
    }
}
