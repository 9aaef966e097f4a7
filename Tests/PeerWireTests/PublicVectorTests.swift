// SPDX-License-Identifier: Apache-2.0

import Foundation
import PeerWire
import SwarmModel
import TestWorld
import Testing

@Suite(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
struct PublicVectorTests {
    struct Vector: Decodable {
        var hex: String
        var expect: String
        var src: String
    }

    @Test func `peerwire vectors give their stated outcome at every split`() throws {
        let text = String(decoding: try Fixtures.bytes("vectors/peerwire.jsonl"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 4)
        for line in lines {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
            let bytes = try #require(Hexadecimal.decode(vector.hex))
            for cut in 1..<bytes.count {
                let parser = PeerStreamParser(pieceCount: 1_000, extensionLimit: 0, expectsHandshake: false)
                let trace = WireTrace(bytes, cuts: [cut], parser: parser)
                #expect((trace.fault != nil) == (vector.expect == "error"), "\(vector.src)")
                #expect(trace.largestBody <= bytes.count)
            }
        }
    }

    @Test func `a real extension handshake reads the same at every split`() throws {
        let bytes = try Fixtures.bytes("rqbit/extended-handshake.bin")
        for cut in 1..<bytes.count {
            let parser = PeerStreamParser(pieceCount: 1_000, extensionLimit: 0, expectsHandshake: false)
            let trace = WireTrace(bytes, cuts: [cut], parser: parser)
            guard case .body(.extended(0), let body) = try #require(trace.entries.first) else {
                Issue.record("no extension handshake, cut at \(cut)")
                return
            }
            let handshake = try #require(try ExtendedHandshake(parsing: body))
            #expect(
                handshake.messages == [
                    "ut_pex": 1, "ut_metadata": 2, "upload_only": 3, "ut_holepunch": 4, "lt_donthave": 7,
                    "share_mode": 8,
                ])
            #expect(handshake.metadataSize == 138_876)
            #expect(handshake.requestLimit == 500)
            #expect(handshake.isUploadOnly == true)
            #expect(handshake.clientName == "qBittorrent/4.4.0alpha1")
            #expect(handshake.receiverAddress == IPAddress("127.0.0.1"))
            #expect(trace.entries.count == 1)
        }
    }
}
