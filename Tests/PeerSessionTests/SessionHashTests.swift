// SPDX-License-Identifier: Apache-2.0

import PeerSession
import PeerWire
import SwarmModel
import Testing

/// Hash trees and the two names of a torrent (BEP 52).
@Suite struct SessionHashTests {
    private static let v2Hash = Conversation.known(InfoHash(bytes: 100..<120))
    private static let range = HashRange(
        root: [UInt8](repeating: 7, count: 32), layer: 0, index: 4, count: 4, proofLayers: 0)

    private static func greeting(_ infoHash: InfoHash, v2: Bool) -> [UInt8] {
        Handshake(infoHash: infoHash, peerID: Conversation.remoteID, supportsV2: v2).encoded
    }

    /// A session of a hybrid torrent after both handshakes.
    private static func hybrid(
        _ role: PeerSession.Role, speaking spoken: InfoHash? = nil, hearing heard: InfoHash, v2: Bool = false
    ) -> Conversation {
        var talk = Conversation(role: role) { configuration in
            configuration.otherHash = Self.v2Hash
            configuration.v2Hash = Self.v2Hash
            configuration.spokenHash = spoken
        }
        talk.session.start(at: talk.now)
        talk.feed(Self.greeting(heard, v2: v2))
        return talk
    }

    @Test func `a hybrid may be called by either name, and by no other`() {
        #expect(Self.hybrid(.outbound, hearing: Conversation.infoHash).session.isEstablished)
        #expect(Self.hybrid(.outbound, hearing: Self.v2Hash).session.isEstablished)
        let other = Conversation.known(InfoHash(bytes: 50..<70))
        #expect(Self.hybrid(.outbound, hearing: other).session.ending == .wrongInfoHash)
    }

    @Test func `who answers has the last word on the name`() {
        #expect(Self.hybrid(.outbound, hearing: Self.v2Hash).session.usesV2)
        #expect(!Self.hybrid(.outbound, hearing: Conversation.infoHash, v2: true).session.usesV2)
        #expect(Self.hybrid(.inbound, speaking: Self.v2Hash, hearing: Conversation.infoHash, v2: true).session.usesV2)
        #expect(!Self.hybrid(.inbound, hearing: Conversation.infoHash, v2: true).session.usesV2)
    }

    @Test func `the handshake has the name to be answered with, and says that v2 is spoken`() throws {
        var talk = Conversation(role: .inbound) { configuration in
            configuration.otherHash = Self.v2Hash
            configuration.v2Hash = Self.v2Hash
            configuration.spokenHash = Self.v2Hash
        }
        talk.session.start(at: talk.now)
        let handshake = try #require(Handshake(talk.session.output.prefix(Handshake.length)))
        #expect(handshake.infoHash == Self.v2Hash && handshake.supportsV2)
        var plain = Conversation()
        plain.session.start(at: plain.now)
        #expect(try #require(Handshake(plain.session.output.prefix(Handshake.length))).supportsV2 == false)
    }

    @Test func `messages about hashes come out as they were sent, in any slicing`() {
        let hashes = (0..<128).map { UInt8($0) }
        let stream = Conversation.bytes { out in
            MessageWriter.hashRequest(Self.range, into: &out)
            MessageWriter.hashes(Self.range, hashes, into: &out)
            MessageWriter.hashReject(Self.range, into: &out)
        }
        for step in [1, 7, 53, stream.count] {
            var talk = Self.hybrid(.outbound, hearing: Self.v2Hash)
            _ = talk.takeEvents()
            var kinds: [String] = []
            for start in stride(from: 0, to: stream.count, by: step) {
                talk.feed(Array(stream[start..<min(start + step, stream.count)]))
                for event in talk.takeEvents() {
                    switch event {
                    case .hashesRequested(let offset):
                        kinds.append("request")
                        #expect(HashRange(parsing: talk.session.extensionBytes[Int(offset)...]) == Self.range)
                    case .hashesReceived(let offset, let count):
                        kinds.append("hashes")
                        let body = talk.session.extensionBytes[Int(offset)..<Int(offset + count)]
                        #expect(HashRange(parsing: body) == Self.range)
                        #expect(Array(body.dropFirst(HashRange.encodedLength)) == hashes)
                    case .hashesRejected(let offset):
                        kinds.append("reject")
                        #expect(HashRange(parsing: talk.session.extensionBytes[Int(offset)...]) == Self.range)
                    default: Issue.record("\(event) came")
                    }
                }
            }
            #expect(kinds == ["request", "hashes", "reject"])
        }
    }

    @Test func `nothing about hashes is said or heard where v2 was not agreed on`() {
        var talk = Conversation.established()
        let wasAsked = talk.session.requestHashes(Self.range)
        #expect(!wasAsked)
        talk.session.sendHashes(Self.range, [])
        talk.session.rejectHashes(Self.range)
        #expect(talk.session.output.isEmpty)
        talk.feed(Conversation.bytes { MessageWriter.hashRequest(Self.range, into: &$0) })
        let events = talk.takeEvents()
        #expect(events == [.violation(PeerViolation(.notNegotiated, endsConnection: false))])
    }

    @Test func `what is asked, answered and refused is written`() throws {
        var talk = Self.hybrid(.outbound, hearing: Self.v2Hash)
        talk.session.clearOutput()
        let hashes = [UInt8](repeating: 9, count: 128)
        let wasAsked = talk.session.requestHashes(Self.range)
        #expect(wasAsked)
        talk.session.sendHashes(Self.range, hashes)
        talk.session.rejectHashes(Self.range)
        let expected = Conversation.bytes { out in
            MessageWriter.hashRequest(Self.range, into: &out)
            MessageWriter.hashes(Self.range, hashes, into: &out)
            MessageWriter.hashReject(Self.range, into: &out)
        }
        #expect(talk.session.output == expected)
    }
}
