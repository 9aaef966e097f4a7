// SPDX-License-Identifier: Apache-2.0

import PeerWire
import SwarmModel
import Testing

@Suite struct HandshakeTests {
    private func handshake() throws -> Handshake {
        Handshake(
            infoHash: try #require(InfoHash(bytes: 0..<20)), peerID: try #require(PeerID(bytes: 100..<120)),
            supportsFast: true, supportsExtensions: true, supportsDHT: true, supportsV2: true)
    }

    @Test func `a handshake is laid out as BEP 3 says`() throws {
        let bytes = try self.handshake().encoded
        #expect(bytes.count == Handshake.length)
        #expect(bytes[0] == 19)
        #expect(bytes[1..<20].elementsEqual("BitTorrent protocol".utf8))
        #expect(bytes[20..<28].elementsEqual([0, 0, 0, 0, 0, 0x10, 0, 0x15]))
        #expect(bytes[Handshake.infoHashRange].elementsEqual(0..<20))
        #expect(bytes[Handshake.peerIDRange].elementsEqual(100..<120))
    }

    @Test func `what was written is read back`() throws {
        let handshake = try self.handshake()
        #expect(Handshake(handshake.encoded) == handshake)
        #expect(handshake.supportsFast && handshake.supportsExtensions && handshake.supportsDHT && handshake.supportsV2)
        let plain = Handshake(
            infoHash: handshake.infoHash, peerID: handshake.peerID, supportsFast: false, supportsExtensions: false)
        #expect(plain.reserved == 0)
        #expect(!plain.supportsFast && !plain.supportsExtensions && !plain.supportsDHT && !plain.supportsV2)
    }

    @Test func `another protocol and another length are refused`() throws {
        var bytes = try self.handshake().encoded
        #expect(Handshake(bytes.dropLast()) == nil)
        #expect(Handshake(bytes + [0]) == nil)
        bytes[5] ^= 1
        #expect(Handshake(bytes) == nil)
    }

    @Test func `the first bytes tell whether it can become a handshake`() throws {
        let bytes = try self.handshake().encoded
        for count in 0...bytes.count { #expect(Handshake.mayBegin(bytes.prefix(count))) }
        #expect(!Handshake.mayBegin("GET / HTTP/1.1".utf8))
        #expect(!Handshake.mayBegin([19, 66, 105, 0]))
    }
}
