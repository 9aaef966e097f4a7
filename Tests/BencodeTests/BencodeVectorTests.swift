// SPDX-License-Identifier: Apache-2.0

import Bencode
import FoundationEssentials
import SwarmModel
import TestWorld
import Testing

/// The public vectors. What they leave to policy is written at `BencodeValue`.
@Suite(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
struct BencodeVectorTests {
    struct Vector: Decodable {
        let hex: String
        let expect: String
        let at: Int?
        let value: Int64?
        let why: String?
    }

    @Test func `every vector has its stated outcome`() throws {
        let lines = try Fixtures.lines("vectors/bencode.jsonl")
        #expect(lines.count == 39)
        for line in lines {
            let vector = try JSONDecoder().decode(Vector.self, from: Data(line.utf8))
            let bytes = try #require(Hexadecimal.decode(vector.hex))
            switch vector.expect {
            case "ok":
                let value = try BencodeValue(parsing: bytes)
                #expect(value.isCanonical, "\(line)")
                #expect(value.tree.encoded == bytes)
                if let expected = vector.value { #expect(value.integer == expected) }
            case "noncanonical":
                let value = try BencodeValue(parsing: bytes)
                #expect(!value.isCanonical, "\(line)")
                #expect(value.tree.encoded != bytes)
                #expect(try BencodeValue(parsing: value.tree.encoded).isCanonical)
            case "trailing":
                #expect(throws: BencodeError(.trailingBytes(count: 2), at: 2)) { try BencodeValue(parsing: bytes) }
                #expect(try BencodeValue(prefixOf: bytes).range == 0..<2)
            case "error":
                let error = #expect(throws: BencodeError.self) { try BencodeValue(parsing: bytes) }
                // The lone "e" is reported by its origin behind the byte, by us at it.
                if let at = vector.at, bytes != [UInt8(ascii: "e")] { #expect(error?.offset == at, "\(line)") }
            default: Issue.record("an outcome nobody decided: \(line)")
            }
        }
    }

    @Test func `every torrent of the collection is read and canonical ones are written back alike`() throws {
        let paths = try Fixtures.lines("MANIFEST.tsv").compactMap { $0.split(separator: "\t").first.map(String.init) }
        var canonical = 0
        for path in paths where path.hasSuffix(".torrent") {
            let bytes = try Fixtures.bytes(path)
            let value = try BencodeValue(prefixOf: bytes)
            guard value.isCanonical else { continue }
            canonical += 1
            #expect(value.tree.encoded == Array(bytes[value.range]), "\(path)")
        }
        #expect(canonical > 60)
    }
}
