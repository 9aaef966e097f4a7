// SPDX-License-Identifier: Apache-2.0

import Bencode
import PeerWire
import SwarmModel
import Testing

@Suite struct PeerExchangeMessageTests {
    static func endpoint(_ text: String) -> PeerEndpoint {
        guard let endpoint = PeerEndpoint(text) else { preconditionFailure("no endpoint: \(text)") }
        return endpoint
    }

    @Test func `both families come back as they were sent, with their flags`() throws {
        var message = PeerExchangeMessage()
        message.added = [
            .init(Self.endpoint("192.0.2.1:6881"), [.isUploadOnly, .isReachable]),
            .init(Self.endpoint("[2001:db8::1]:51413"), .supportsDatagrams),
        ]
        message.dropped = [Self.endpoint("198.51.100.7:1"), Self.endpoint("[2001:db8::2]:2")]
        let bytes = message.encoded
        #expect(try BencodeValue(parsing: bytes, limits: .message).isCanonical)
        #expect(try PeerExchangeMessage(parsing: bytes) == message)
        #expect(try PeerExchangeMessage(parsing: PeerExchangeMessage().encoded) == PeerExchangeMessage())
    }

    @Test func `flags that are missing are none, and lists that are too long are read in part`() throws {
        let many = String(repeating: "\u{1}", count: 6 * 5_000)
        let read = try #require(
            try PeerExchangeMessage(parsing: Array("d5:added\(many.utf8.count):\(many)7:added.f1:\u{2}e".utf8)))
        #expect(read.added.count == PeerExchangeMessage.readLimit)
        #expect(read.added.first?.flags == .isUploadOnly && read.added.last?.flags == [])
    }

    @Test func `what is cut off or no dictionary is no message`() throws {
        for text in ["le", "i3e", "d5:added5:12345e", "d7:dropped67:1234567e", "d8:dropped617:12345678901234567e"] {
            #expect((try? PeerExchangeMessage(parsing: Array(text.utf8))) == nil)
        }
        #expect(try PeerExchangeMessage(parsing: Array("d5:addedi3ee".utf8)) == PeerExchangeMessage())
    }
}
