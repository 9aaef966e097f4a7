// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel
import Testing

@Suite struct BencodeReaderTests {
    private func parse(_ text: String, limits: BencodeLimits = .torrent) throws(BencodeError) -> BencodeValue {
        try BencodeValue(parsing: Array(text.utf8), limits: limits)
    }

    @Test func `values are reached by key and position`() throws {
        let value = try self.parse("d4:infod6:lengthi42e4:name3:foo5:tiersll1:a1:beleee4:listle3:numi-7ee")
        #expect(value.kind == .dictionary)
        #expect(value["info"]?["length"]?.integer == 42)
        #expect(value["info"]?["name"]?.string == "foo")
        #expect(value["info"]?["tiers"]?.list?.map { $0.list?.map(\.string) } == [["a", "b"], []])
        #expect(value["list"]?.list?.isEmpty == true)
        #expect(value["num"]?.integer == -7)
        #expect(value["nothing"] == nil && value["num"]?["x"] == nil)
        #expect(value["num"]?.bytes == nil && value["num"]?.list == nil && value["list"]?.integer == nil)
        #expect(value.dictionary?.map { String(decoding: $0.key, as: UTF8.self) } == ["info", "list", "num"])
        #expect(value.dictionary?[bytes: Array("num".utf8)]?.integer == -7)
    }

    @Test func `the raw bytes of any value are at hand`() throws {
        let value = try self.parse("d1:ad1:xi1ee1:b2:hee")
        #expect(value["a"].map { Array($0.raw) } == Array("d1:xi1ee".utf8))
        #expect(value["a"]?.range == 4..<12)
        #expect(value["b"].map { Array($0.raw) } == Array("2:he".utf8))
        #expect(value["b"]?.bytes.map(Array.init) == Array("he".utf8))
    }

    @Test func `bytes that are not UTF-8 are bytes and no text`() throws {
        let value = try BencodeValue(parsing: Array("2:".utf8) + [0xff, 0xfe])
        #expect(value.string == nil)
        #expect(value.bytes.map(Array.init) == [0xff, 0xfe])
    }

    @Test func `canonical form is judged for each value by itself`() throws {
        let value = try self.parse("d4:goodd1:ai1e1:bi2ee3:badd1:bi1e1:ai2eee")
        #expect(!value.isCanonical)
        #expect(value["good"]?.isCanonical == true)
        #expect(value["bad"]?.isCanonical == false)
        let sorted = try self.parse("d1:adee")
        #expect(sorted.isCanonical)
        #expect(try !self.parse("l1:ai01ee").isCanonical)
        #expect(try !self.parse("ld1:ald1:bi-0eeeee").isCanonical)
    }

    @Test func `of repeated keys the first counts`() throws {
        let value = try self.parse("d1:ai1e1:ai2ee")
        #expect(value["a"]?.integer == 1)
        #expect(value.tree.encoded == Array("d1:ai1ee".utf8))
    }

    @Test func `the ends of the number line are read and what lies beyond is an error`() throws {
        #expect(try self.parse("i\(Int64.max)e").integer == .max)
        #expect(try self.parse("i\(Int64.min)e").integer == .min)
        #expect(throws: BencodeError(.integerOverflow, at: 1)) { try self.parse("i9223372036854775808e") }
        #expect(throws: BencodeError(.integerOverflow, at: 2)) { try self.parse("i-9223372036854775809e") }
        #expect(throws: BencodeError(.integerOverflow, at: 0)) { try self.parse("99999999999999999999:") }
        #expect(throws: BencodeError(.stringPastEnd(length: .max), at: 0)) { try self.parse("\(Int.max):a") }
        let zeros = String(repeating: "0", count: BencodeLimits.digits - 1)
        #expect(try self.parse("i\(zeros)5e").integer == 5)
        #expect(throws: BencodeError(.numberTooLong, at: 1)) { try self.parse("i\(zeros)55e") }
    }

    @Test func `limits hold to the value`() throws {
        let limits = BencodeLimits(bytes: 20, depth: 2, values: 4)
        #expect(try self.parse("llelee", limits: limits).list?.count == 2)
        #expect(throws: BencodeError(.tooDeep(limit: 2), at: 2)) { try self.parse("llleee", limits: limits) }
        #expect(throws: BencodeError(.tooManyValues(limit: 4), at: 8)) {
            try self.parse("l0:0:1:c1:de", limits: limits)
        }
        #expect(throws: BencodeError(.tooLarge(limit: 20), at: 20)) {
            try self.parse("18:aaaaaaaaaaaaaaaaaa", limits: limits)
        }
    }

    @Test func `a million open lists end at the depth limit`() {
        let bomb = [UInt8](repeating: UInt8(ascii: "l"), count: 1_000_000)
        #expect(throws: BencodeError(.tooDeep(limit: 128), at: 128)) { try BencodeValue(parsing: bomb) }
    }

    @Test func `every prefix of a value is told as a cut`() {
        let text = Array("d1:ai-12e1:bl3:abcd1:xi0eeee".utf8)
        for count in 0..<text.count {
            let error = #expect(throws: BencodeError.self) { try BencodeValue(parsing: text.prefix(count)) }
            switch error?.cause {
            case .endOfInput, .stringPastEnd: break
            default: Issue.record("\(count): \(error?.description ?? "")")
            }
        }
    }

    @Test func `errors read as sentences`() {
        #expect(
            BencodeError(.expectedKey(found: UInt8(ascii: "i")), at: 3).description
                == "'i' where a dictionary key must begin at byte 3")
        #expect(BencodeError(.expectedDigit(found: 0), at: 1).description.contains("byte 0"))
    }

    @Test func `random bytes never trap and what is accepted is written back as canonical`() throws {
        var random = SplitMix64(seed: 0x5eed_0001)
        let alphabet = Array("ilde0123456789:-a".utf8)
        var accepted = 0
        for _ in 0..<200_000 {
            let bytes = (0..<Int(random.next(below: 14))).map { _ in alphabet[Int(random.next(below: 17))] }
            guard let value = try? BencodeValue(prefixOf: bytes) else { continue }
            accepted += 1
            let again = try BencodeValue(parsing: value.tree.encoded)
            #expect(again.isCanonical)
            if value.isCanonical { #expect(value.tree.encoded == Array(value.raw)) }
        }
        #expect(accepted > 1000)
    }
}
