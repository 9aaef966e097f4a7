// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import Testing

@Suite struct AddressFilterTests {
    private static let fixture: String = {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let root = getenv("SWARM_FIXTURES").map { String(cString: $0) } ?? "/\(package)/../shared/fixtures/public"
        return root + "/webtorrent-fixtures/blocklist.txt"
    }()
    private static var hasFixture: Bool { access(Self.fixture, R_OK) == 0 }

    private func blocks(_ filter: AddressFilter, _ text: String) throws -> Bool {
        filter.blocks(try #require(IPAddress(text)))
    }

    @Test(arguments: [
        ("Some name:1.2.3.4-1.2.3.9", "1.2.3.4", "1.2.3.9", "1.2.3.3", "1.2.3.10"),
        ("odd: name:with-dashes:1.2.3.4-1.2.3.9", "1.2.3.4", "1.2.3.9", "1.2.3.3", "1.2.3.10"),
        ("001.002.003.004 - 001.002.003.009 , 100 , name, more", "1.2.3.4", "1.2.3.9", "1.2.3.3", "1.2.3.10"),
        ("1.2.3.4 - 1.2.3.9", "1.2.3.4", "1.2.3.9", "1.2.3.3", "1.2.3.10"),
        ("10.1.0.0/16", "10.1.0.0", "10.1.255.255", "10.0.255.255", "10.2.0.0"),
        ("10.1.7.9/16", "10.1.0.0", "10.1.255.255", "10.0.255.255", "10.2.0.0"),
        ("  7.7.7.7\t", "7.7.7.7", "7.7.7.7", "7.7.7.6", "7.7.7.8"),
        ("2001:db8::/33", "2001:db8::", "2001:db8:7fff::1", "2001:db7::", "2001:db8:8000::"),
        ("v6:2001:db8::1-2001:db8::5", "2001:db8::1", "2001:db8::5", "2001:db8::", "2001:db8::6"),
        ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::", "2001::"),
        ("::ffff:1.2.3.4", "1.2.3.4", "1.2.3.4", "1.2.3.3", "1.2.3.5"),
    ])
    func `each format blocks its range and no more`(
        line: String, first: String, last: String, before: String, after: String
    ) throws {
        let filter = AddressFilter(text: line.utf8)
        #expect(filter.ruleCount == 1)
        #expect(filter.junkCount == 0)
        #expect(try self.blocks(filter, first))
        #expect(try self.blocks(filter, last))
        #expect(try !self.blocks(filter, before))
        #expect(try !self.blocks(filter, after))
    }

    @Test func `comments are passed over and junk is counted`() {
        let text =
            "# a\n\n; b\r\n// c\nnot an address\n1.2.3\n1.2.3.4-1.2.3\n9.9.9.9-1.1.1.1\n1.2.3.4/33\n::/129\n1.2.3.999\n"
        let filter = AddressFilter(text: text.utf8)
        #expect(filter.junkCount == 7)
        #expect(filter.ruleCount == 0)
        #expect(filter.rangeCount == 0)
    }

    @Test func `an eMule level of 128 and more allows`() throws {
        let filter = AddressFilter(text: "1.1.1.1 - 1.1.1.9 , 127 , a\n2.2.2.2 - 2.2.2.9 , 200 , b\n".utf8)
        #expect(try self.blocks(filter, "1.1.1.5"))
        #expect(try !self.blocks(filter, "2.2.2.5"))
        #expect(filter.junkCount == 0)
    }

    @Test func `overlapping ranges merge`() throws {
        let filter = AddressFilter(text: "5.0.0.0/8\n5.1.0.0/16\na:4.0.0.0-5.0.0.5\n6.0.0.1".utf8)
        #expect(filter.rangeCount == 2)
        #expect(filter.ruleCount == 4)
        #expect(try self.blocks(filter, "4.9.9.9"))
        #expect(try self.blocks(filter, "5.255.255.255"))
        #expect(try !self.blocks(filter, "6.0.0.0"))
    }

    @Test func `a lookup agrees with a plain scan`() throws {
        var random = SplitMix64(seed: 7)
        var text = ""
        var ranges: [ClosedRange<UInt32>] = []
        for _ in 0..<300 {
            let start = UInt32(random.next(below: 1 << 16))
            let range = start...(start + UInt32(random.next(below: 200)))
            ranges.append(range)
            text += "n:\(IPAddress(v4: range.lowerBound))-\(IPAddress(v4: range.upperBound))\n"
        }
        let filter = AddressFilter(text: text.utf8)
        for number in stride(from: UInt32(0), to: 1 << 16, by: 7) {
            let expected = ranges.contains { $0.contains(number) }
            #expect(filter.blocks(IPAddress(v4: number)) == expected)
        }
    }

    @Test func `bytes that are no text do no harm`() {
        var random = SplitMix64(seed: 3)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let filter = AddressFilter(text: noise)
        #expect(filter.junkCount > 0)
        #expect(AddressFilter(text: []) == AddressFilter())
    }

    @Test(.enabled(if: hasFixture, "the public fixtures are not there")) func `the public fixture loads`() throws {
        let file = try #require(fopen(Self.fixture, "r"))
        defer { fclose(file) }
        var text: [UInt8] = []
        while case let byte = getc(file), byte != EOF { text.append(UInt8(byte)) }
        let filter = AddressFilter(text: text)
        #expect(filter.ruleCount == 2)
        #expect(filter.junkCount == 0)
        #expect(try self.blocks(filter, "1.2.3.128"))
        #expect(try self.blocks(filter, "5.6.7.0"))
        #expect(try !self.blocks(filter, "1.2.4.0"))
    }
}
