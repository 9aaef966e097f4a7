// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Metainfo
import SwarmModel
import TestWorld
import Testing

@Suite(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
struct MetainfoVectorTests {
    struct Inline: Decodable {
        let hex: String
        let expect: String
        let why: String
    }

    struct Magnet: Decodable {
        let uri: String
        let expect: String
        let v1: String?
        let v2: String?
        let name: String?
        let trackers: [String]?
        let tiers: [Int]?
        let webSeeds: [String]?
        let selected: [Int]?

        enum CodingKeys: String, CodingKey {
            case uri, expect, v1, v2, name, trackers, tiers, selected
            case webSeeds = "web_seeds"
        }
    }

    @Test func `every inline torrent has its stated outcome`() throws {
        let lines = try Fixtures.lines("vectors/metainfo-inline.jsonl")
        #expect(lines.count == 11)
        for line in lines {
            let vector = try JSONDecoder().decode(Inline.self, from: Data(line.utf8))
            let bytes = try #require(Hexadecimal.decode(vector.hex))
            switch vector.expect {
            case "accept": MetainfoInvariants.check(try Metainfo(parsing: bytes), vector.why)
            // All policy lines lack an info dictionary worth the name; `Metainfo` says that is refused.
            case "reject", "policy":
                #expect(throws: MetainfoError.self, "\(vector.why)") { try Metainfo(parsing: bytes) }
            default: Issue.record("an outcome nobody decided: \(line)")
            }
        }
    }

    @Test func `every magnet link has its stated outcome`() throws {
        let lines = try Fixtures.lines("vectors/magnet.jsonl")
        #expect(lines.count == 22)
        for line in lines {
            let vector = try JSONDecoder().decode(Magnet.self, from: Data(line.utf8))
            switch vector.expect {
            // The policy line is a bare base32 hash, which `MagnetLink` says is taken.
            case "accept", "policy":
                let link = try MagnetLink(parsing: vector.uri)
                if let v1 = vector.v1 { #expect(link.infoHashV1?.description == v1) }
                #expect(link.infoHashV2?.description == vector.v2)
                if let name = vector.name { #expect(link.name == name) }
                if let trackers = vector.trackers { #expect(link.trackers == trackers) }
                if let tiers = vector.tiers { #expect(link.trackerTiers.indices.map(\.self) == tiers) }
                if let webSeeds = vector.webSeeds { #expect(link.webSeeds == webSeeds) }
                #expect(link.selectedFiles == vector.selected ?? [])
                #expect(try MagnetLink(parsing: link.description) == link)
            case "reject":
                #expect(throws: MagnetLinkError.self, "\(line)") { try MagnetLink(parsing: vector.uri) }
            default: Issue.record("an outcome nobody decided: \(line)")
            }
        }
    }
}
