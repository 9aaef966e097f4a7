// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwarmModel
import Testing

@Suite struct CanonicalPriorityTests {
    struct Vector: Decodable {
        var bep: Int?
        var a: String?
        var b: String?
        var priority: String?
    }

    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["SWARM_FIXTURES"] { return path + "/vectors/bep.jsonl" }
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/") + "/../shared/fixtures/public/vectors/bep.jsonl"
    }()

    static let isPresent = FileManager.default.fileExists(atPath: Self.path)

    @Test(.enabled(if: Self.isPresent, "the public fixtures are absent"))
    func `the priorities of BEP 40 are as stated, from either side`() throws {
        let text = String(decoding: try Data(contentsOf: URL(filePath: Self.path)), as: UTF8.self)
        var checked = 0
        for line in text.split(separator: "\n") {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
            guard vector.bep == 40, let a = vector.a.flatMap({ PeerEndpoint($0) }),
                let b = vector.b.flatMap({ PeerEndpoint($0) })
            else { continue }
            #expect(CanonicalPriority.of(a, b) == vector.priority.flatMap { UInt32($0, radix: 16) })
            #expect(CanonicalPriority.of(b, a) == CanonicalPriority.of(a, b))
            checked += 1
        }
        #expect(checked == 3)
    }

    @Test func `peers in one network are told apart by more of their addresses`() {
        func priority(_ a: String, _ b: String) -> UInt32? {
            guard let a = PeerEndpoint(a), let b = PeerEndpoint(b) else { return nil }
            return CanonicalPriority.of(a, b)
        }
        #expect(
            priority("[2001:db8:1::1]:1", "[2001:db8:2::1]:1") == priority("[2001:db8:1::3]:1", "[2001:db8:2::1]:1"))
        #expect(priority("[2001:db8:1::1]:1", "192.0.2.1:1") == 0)
        #expect(priority("192.0.2.1:1", "192.0.2.3:1") != priority("192.0.2.1:1", "192.0.2.1:2"))
        #expect(priority("192.0.2.1:1", "192.0.2.1:2") == priority("192.0.2.1:2", "192.0.2.1:1"))
    }
}
