// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import PeerSession
import PeerWire
import SwarmModel
import Testing

@Suite struct AllowedFastTests {
    struct Vector: Decodable {
        var bep: Int?
        var infohash: String?
        var ip: String?
        var k: Int?
        var pieces: Int?
        var set: [UInt32]?
    }

    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["SWARM_FIXTURES"] { return path + "/vectors/bep.jsonl" }
        return URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../shared/fixtures/public/vectors/bep.jsonl").path
    }()

    static let isPresent = FileManager.default.fileExists(atPath: Self.path)

    private static func sha1(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bytes)) }

    @Test(.enabled(if: Self.isPresent, "the public fixtures are absent"))
    func `the set of BEP 6 is as stated`() throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        var checked = 0
        for line in text.split(separator: "\n") {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
            guard vector.bep == 6, let address = vector.ip.flatMap({ IPAddress($0) }),
                let hash = vector.infohash.flatMap({ InfoHash(hex: $0) })
            else { continue }
            let pieces = AllowedFast.pieces(
                for: address, infoHash: hash, pieceCount: vector.pieces ?? 0, count: vector.k ?? 0, sha1: Self.sha1)
            #expect(pieces.map(\.rawValue) == vector.set)
            checked += 1
        }
        #expect(checked == 1)
    }

    @Test func `a torrent of few pieces allows all of them, and IPv6 none`() {
        let hash = Conversation.infoHash
        let few = AllowedFast.pieces(for: IPAddress(v4: 1), infoHash: hash, pieceCount: 3, sha1: Self.sha1)
        #expect(Set(few.map(\.rawValue)) == [0, 1, 2])
        let address = Conversation.known(IPAddress("2001:db8::1"))
        #expect(AllowedFast.pieces(for: address, infoHash: hash, pieceCount: 3, sha1: Self.sha1).isEmpty)
    }
}
