// SPDX-License-Identifier: Apache-2.0

import Bencode
import PeerWire
import SwarmModel
import Testing

@Suite struct ExtendedHandshakeTests {
    @Test func `what was written is read back`() throws {
        var handshake = ExtendedHandshake()
        handshake.messages = ["ut_metadata": 2, "ut_pex": 1, "sw_deflate": 9]
        handshake.clientName = "Swarm 0.1"
        handshake.listenPort = 6881
        handshake.requestLimit = 2000
        handshake.metadataSize = 31_235
        handshake.receiverAddress = IPAddress("2001:db8::1")
        handshake.isUploadOnly = true
        handshake.blockLimit = 131_072
        let value = try BencodeValue(parsing: handshake.encoded, limits: .message)
        #expect(value.isCanonical)
        #expect(try ExtendedHandshake(parsing: handshake.encoded) == handshake)
        #expect(try ExtendedHandshake(parsing: ExtendedHandshake().encoded) == ExtendedHandshake())
    }

    @Test func `fields of the wrong form count as absent`() throws {
        let text = "d1:mli1ee13:metadata_sizei-5e1:pi70000e4:reqqi0e1:vi3e6:yourip3:abce"
        #expect(try ExtendedHandshake(parsing: Array(text.utf8)) == ExtendedHandshake())
        let port = try ExtendedHandshake(parsing: Array("d1:md6:ut_pexi300e1:xi3ee1:pi0ee".utf8))
        #expect(port?.messages == ["x": 3])
        #expect(port?.listenPort == nil)
    }

    @Test func `what is no dictionary is no handshake`() throws {
        #expect(try ExtendedHandshake(parsing: Array("le".utf8)) == nil)
        #expect(throws: BencodeError.self) { try ExtendedHandshake(parsing: Array("d1:m".utf8)) }
        #expect(throws: BencodeError.self) { try ExtendedHandshake(parsing: [UInt8]()) }
    }

    @Test func `names and numbers of extensions are bounded`() throws {
        let many = (100..<900).map { "4:x\($0)i1e" }.joined()
        let name = String(repeating: "n", count: 500)
        let handshake = try #require(try ExtendedHandshake(parsing: Array("d1:md\(many)e1:v500:\(name)e".utf8)))
        #expect(handshake.messages.count == ExtendedHandshake.extensionLimit)
        #expect(handshake.clientName?.utf8.count == ExtendedHandshake.clientNameLimit)
    }
}
