// SPDX-License-Identifier: Apache-2.0

import Deflate
import TestWorld
import Testing

@Suite struct InflateTests {
    static let text = Array(String(repeating: "the quick brown fox ", count: 20).utf8)
    static let zlib = hex("78da2bc94855282ccd4cce56482aca2fcf5348cbaf502819151b303100e85e927d")
    static let raw = hex("2bc94855282ccd4cce56482aca2fcf5348cbaf502819151b303100")
    static let gzip = hex("1f8b08000000000002032bc94855282ccd4cce56482aca2fcf5348cbaf502819151b30310024517da790010000")
    static let stored = hex("010600f9ff73746f726564")

    static func hex(_ text: String) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! }
    }

    @Test func `each of the three wrappings inflates`() throws {
        #expect(try Inflate.zlib(Self.zlib, limit: 1000) == Self.text)
        #expect(try Inflate.raw(Self.raw, limit: 1000) == Self.text)
        #expect(try Inflate.gzip(Self.gzip, limit: 1000) == Self.text)
        #expect(try Inflate.raw(Self.stored, limit: 1000) == Array("stored".utf8))
        #expect(try Inflate.raw([3, 0], limit: 0) == [])
    }

    @Test func `a slice inflates as an array does`() throws {
        #expect(try Inflate.raw(([9, 9] + Self.raw).dropFirst(2), limit: 1000) == Self.text)
    }

    @Test func `a limit of exactly the output is enough and one byte less is not`() throws {
        let size = Self.text.count
        #expect(try Inflate.gzip(Self.gzip, limit: size).count == size)
        for limit in 0..<size {
            #expect(throws: InflateError.limitExceeded(limit: limit)) { try Inflate.gzip(Self.gzip, limit: limit) }
            #expect(throws: InflateError.limitExceeded(limit: limit)) { try Inflate.raw(Self.raw, limit: limit) }
        }
        #expect(throws: InflateError.limitExceeded(limit: 5)) { try Inflate.raw(Self.stored, limit: 5) }
    }

    @Test func `every shortening is told as a cut`() {
        for count in 0..<Self.gzip.count {
            #expect(throws: InflateError.truncated) { try Inflate.gzip(Self.gzip.prefix(count), limit: 1000) }
        }
        for count in 0..<Self.zlib.count {
            #expect(throws: InflateError.truncated) {
                try Inflate.zlib(Self.zlib.prefix(count), limit: Self.text.count)
            }
        }
    }

    @Test func `bytes after the stream are an error`() {
        #expect(throws: InflateError.trailingBytes(count: 2)) { try Inflate.raw(Self.raw + [0, 0], limit: 1000) }
    }

    @Test func `any single changed byte of a checked stream is refused`() {
        for index in Self.zlib.indices {
            var damaged = Self.zlib
            damaged[index] ^= 0x55
            #expect(throws: InflateError.self) { try Inflate.zlib(damaged, limit: 1000) }
        }
    }

    @Test func `an error says where`() {
        #expect(InflateError.corrupt(at: 17).description.contains("17"))
        #expect(InflateError.limitExceeded(limit: 99).description.contains("99"))
    }

    @Test(.enabled(if: Fixtures.arePresent, "the public fixtures are absent"))
    func `every gzip fixture of the manifest has its stated outcome`() throws {
        let rows = try Fixtures.lines("MANIFEST.tsv").map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        let gzip = rows.filter { $0[3] == "gzip" }
        #expect(gzip.map(\.[0]) == ["libtorrent/corrupt.gz", "libtorrent/zeroes.gz"])
        for row in gzip {
            let bytes = try Fixtures.bytes(row[0])
            if row[4] == "accept" {
                let output = try Inflate.gzip(bytes, limit: 1_000_000)
                #expect(output.count == 512_000 && output.allSatisfy { $0 == 0 })
                #expect(throws: InflateError.limitExceeded(limit: 511_999)) {
                    try Inflate.gzip(bytes, limit: 511_999)
                }
                #expect(try Inflate.gzip(bytes, limit: 512_000) == output)
            } else {
                #expect(throws: InflateError.self) { try Inflate.gzip(bytes, limit: 1_000_000) }
            }
        }
    }
}
