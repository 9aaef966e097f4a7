// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwarmModel
import TestWorld
import Testing
import TrackerWire

private struct Vector: Decodable {
    let hex: String
    let expect: String
    let interval: Int64?
    let min_interval: Int64?
    let complete: UInt64?
    let incomplete: UInt64?
    let downloaded: UInt64?
    let external_ip: String?
    let peers: [String]
}

@Suite struct AnnounceVectorTests {
    @Test(.enabled(if: Fixtures.arePresent, "the public fixtures are not here"))
    func `every recorded answer gives its fields`() throws {
        let lines = try Fixtures.lines("vectors/http-announce.jsonl")
        #expect(!lines.isEmpty)
        for line in lines {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
            #expect(vector.expect == "accept")
            let reply = try AnnounceReply(decoding: try #require(Hexadecimal.decode(vector.hex)))
            guard case .accepted(let response) = reply else {
                Issue.record("\(line) was refused")
                continue
            }
            #expect(response.interval == .seconds(try #require(vector.interval)))
            if let minimum = vector.min_interval { #expect(response.minimumInterval == .seconds(minimum)) }
            if let complete = vector.complete { #expect(response.complete == complete) }
            if let incomplete = vector.incomplete { #expect(response.incomplete == incomplete) }
            if let downloaded = vector.downloaded { #expect(response.downloaded == downloaded) }
            if let address = vector.external_ip { #expect(response.externalAddress?.description == address) }
            #expect(response.peers.map(\.endpoint.description) == vector.peers)
        }
    }
}
