// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct SessionHandshakeTests {
    @Test func `our handshake goes out at the start and the greeting after the peer's`() {
        var talk = Conversation()
        talk.session.start(at: talk.now)
        #expect(talk.session.output.count == Handshake.length)
        #expect(talk.takeMessages() == [.handshake])
        #expect(!talk.session.isEstablished)
        talk.feed(Conversation.handshake(fast: true, extensions: true))
        #expect(talk.takeEvents() == [.handshakeCompleted])
        #expect(talk.takeMessages() == [.extended(0), .haveNone])
        #expect(talk.session.remotePeerID == Conversation.remoteID)
        #expect(talk.session.remoteClient == "Transmission 4.0.6")
        #expect(talk.session.usesFast && talk.session.usesExtensions && talk.session.isEstablished)
    }

    @Test func `an inbound peer's handshake may come before ours is started`() {
        var talk = Conversation(role: .inbound, have: Array(0..<40))
        talk.feed(Conversation.handshake())
        #expect(talk.takeMessages() == [.handshake, .haveAll])
    }

    @Test func `a plain peer gets a bitfield, and nothing when we have nothing`() {
        var some = Conversation(have: [3])
        some.feed(Conversation.handshake(fast: false))
        #expect(some.takeMessages() == [.handshake, .bitfield])
        var none = Conversation()
        none.feed(Conversation.handshake(fast: false))
        #expect(none.takeMessages() == [.handshake])
    }

    @Test func `what was decided before the handshake follows the greeting`() {
        var talk = Conversation()
        talk.session.start(at: talk.now)
        talk.session.setChoking(false)
        talk.session.setInterested(true)
        talk.session.announceHave(PieceIndex(1))
        talk.feed(Conversation.handshake())
        #expect(talk.takeMessages() == [.handshake, .bitfield, .unchoke, .interested])
    }

    @Test func `the port of our node is told to peers that have one`() {
        for (ours, theirs) in [(true, true), (true, false), (false, true)] {
            var talk = Conversation { $0.nodePort = ours ? 7_000 : nil }
            talk.session.start(at: talk.now)
            #expect(Handshake(talk.session.output.prefix(Handshake.length))?.supportsDHT == ours)
            talk.feed(
                Handshake(
                    infoHash: Conversation.infoHash, peerID: Conversation.remoteID, supportsFast: false,
                    supportsExtensions: false, supportsDHT: theirs
                ).encoded)
            #expect(talk.takeMessages() == (ours && theirs ? [.handshake, .port(7_000)] : [.handshake]))
            var port: [UInt8] = []
            MessageWriter.port(6_881, into: &port)
            _ = talk.takeEvents()
            talk.feed(port)
            #expect(talk.takeEvents() == [.nodePortReceived])
            #expect(talk.session.remoteDHTPort == 6_881)
        }
    }

    @Test func `another torrent and our own id end the session`() throws {
        var other = Conversation()
        other.feed(
            Handshake(infoHash: try #require(InfoHash(bytes: 1..<21)), peerID: Conversation.remoteID).encoded)
        #expect(other.takeEvents() == [.violation(PeerViolation(.wrongInfoHash, endsConnection: true))])
        var own = Conversation()
        own.feed(Handshake(infoHash: Conversation.infoHash, peerID: Conversation.localID).encoded)
        #expect(own.takeEvents() == [.violation(PeerViolation(.ownPeerID, endsConnection: true))])
        #expect(own.session.isClosed && !own.session.hasOutput)
    }

    @Test func `messages instead of a handshake end the session`() {
        var talk = Conversation()
        talk.feed([0, 0, 0, 1, 2])
        #expect(talk.takeEvents() == [.violation(PeerViolation(.wire(.notBitTorrent), endsConnection: true))])
        talk.feed(Conversation.handshake())
        #expect(talk.takeEvents().isEmpty)
        #expect(talk.session.nextDeadline == Instant(nanoseconds: .max))
    }

    @Test func `a handshake that does not come ends the session`() {
        var talk = Conversation()
        talk.session.start(at: talk.now)
        #expect(talk.session.nextDeadline == talk.now + PeerSession.handshakePatience)
        talk.wait(.seconds(9))
        #expect(talk.takeEvents().isEmpty)
        talk.wait(.seconds(1))
        #expect(talk.takeEvents() == [.violation(PeerViolation(.handshakeTimeout, endsConnection: true))])
    }

    @Test func `the extension handshake is kept and merged`() {
        var talk = Conversation.established(extensions: true)
        var theirs = ExtendedHandshake()
        theirs.messages = ["ut_pex": 1, "ut_metadata": 3]
        theirs.clientName = "Peer 1.0"
        theirs.listenPort = 5000
        theirs.requestLimit = 100
        talk.feed { MessageWriter.extended(0, payload: theirs.encoded, into: &$0) }
        #expect(talk.takeEvents() == [.extendedHandshakeReceived])
        #expect(talk.session.remoteClient == "Peer 1.0")
        #expect(talk.session.remoteListenPort == 5000)
        var later = ExtendedHandshake()
        later.messages = ["ut_pex": 0]
        later.isUploadOnly = true
        talk.feed { MessageWriter.extended(0, payload: later.encoded, into: &$0) }
        #expect(talk.session.extendedHandshake?.messages == ["ut_metadata": 3])
        #expect(talk.session.extendedHandshake?.requestLimit == 100)
        #expect(talk.session.remoteIsUploadOnly && !talk.session.remoteIsSeed)
    }

    @Test func `our extension handshake says what the configuration says`() throws {
        var talk = Conversation { configuration in
            configuration.listenPort = 6881
            configuration.clientName = "Swarm test"
            configuration.acceptedRequestLimit = 777
            configuration.isUploadOnly = true
            configuration.externalAddressOfPeer = IPAddress("192.0.2.7")
            configuration.metadataSize = 99
        }
        talk.feed(Conversation.handshake(extensions: true))
        let handshake = try #require(
            try ExtendedHandshake(parsing: talk.session.output[(Handshake.length + 6)...]))
        #expect(handshake.listenPort == 6881 && handshake.clientName == "Swarm test")
        #expect(handshake.requestLimit == 777 && handshake.isUploadOnly == true && handshake.metadataSize == 99)
        #expect(handshake.receiverAddress == IPAddress("192.0.2.7"))
    }

    @Test func `a malformed extension handshake and unknown extension messages are survived`() {
        var talk = Conversation.established(extensions: true)
        talk.feed { MessageWriter.extended(0, payload: Array("i5".utf8), into: &$0) }
        #expect(talk.takeEvents() == [.violation(PeerViolation(.badExtendedHandshake, endsConnection: false))])
        talk.feed { MessageWriter.extended(7, payload: [1, 2], into: &$0) }
        #expect(talk.takeEvents().isEmpty)
    }

    @Test(
        arguments: [
            ("-TR4060-abcdefghijkl", "Transmission 4.0.6"), ("-qB4500-abcdefghijkl", "qBittorrent 4.5.0"),
            ("-lt0D60-abcdefghijkl", "rTorrent 0.13.6"), ("-zz1234-abcdefghijkl", "zz1234"),
            ("A2-1-36-0-abcdefghij", "aria2"), ("abcdefghijklmnopqrst", nil),
        ] as [(String, String?)])
    func `clients are known by their ids`(_ id: String, _ name: String?) throws {
        #expect(ClientName.of(try #require(PeerID(bytes: id.utf8))) == name)
    }
}
