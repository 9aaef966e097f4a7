// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SwarmModel
import Testing

@testable import Discovery

/// What the heads of answers to requests for ranges mean.
@Suite struct RangeAnswerTests {
    private static func answer(
        _ status: HTTPResponseStatus, _ headers: HTTPHeaders, to range: Range<UInt64> = 100..<200,
        of length: UInt64 = 1_000
    ) -> RangeAnswer {
        RangeAnswer(
            HTTPResponseHead(version: .http1_1, status: status, headers: headers),
            to: RangeRequest(url: "http://w/", range: range, fileLength: length))
    }

    private static func part(_ text: String) -> RangeAnswer { Self.answer(.partialContent, ["content-range": text]) }

    @Test func `a part is good when it is the one that was asked for`() {
        #expect(Self.part("bytes 100-199/1000") == .body(skip: 0, isExact: true))
        #expect(Self.part("Bytes 100-199/*") == .body(skip: 0, isExact: true))
        #expect(Self.part("bytes 100-199/999") == .fault(.wrongFile(999)))
        for other in [
            "bytes 0-99/1000", "bytes 100-198/1000", "bytes 100-200/1000", "bytes 99-199/1000", "bytes */1000",
            "bytes 199-100/1000", "bytes 100-18446744073709551615/1000", "lines 100-199/1000", "", "bytes 100-199",
            "bytes 100-199/", "bytes -100-199/1000",
        ] {
            guard case .fault(.wrongRange) = Self.part(other) else {
                Issue.record("\(other): \(Self.part(other))")
                continue
            }
        }
        guard
            case .fault(.wrongRange) = Self.answer(
                .partialContent, ["content-type": "multipart/byteranges; boundary=x"])
        else {
            Issue.record("several parts were taken for one")
            return
        }
    }

    @Test func `a whole file is good as far as what was asked for comes soon`() {
        #expect(Self.answer(.ok, ["content-length": "1000"]) == .body(skip: 100, isExact: false))
        #expect(Self.answer(.ok, [:]) == .body(skip: 100, isExact: false))
        #expect(Self.answer(.ok, [:], to: 0..<1_000) == .body(skip: 0, isExact: true))
        #expect(Self.answer(.ok, ["content-length": "1001"]) == .fault(.wrongFile(1_001)))
        let late = RangeAnswer.longestSkip
        #expect(Self.answer(.ok, [:], to: late..<late + 1, of: 1 << 30) == .body(skip: late, isExact: false))
        #expect(Self.answer(.ok, [:], to: late + 1..<late + 2, of: 1 << 30) == .fault(.ignoresRanges))
    }

    @Test func `encoded bytes are not the file's`() {
        #expect(Self.answer(.ok, ["content-encoding": "gzip"]) == .fault(.encoded("gzip")))
        #expect(
            Self.answer(.partialContent, ["content-encoding": "br", "content-range": "bytes 100-199/1000"])
                == .fault(.encoded("br")))
        #expect(Self.answer(.ok, ["content-encoding": "Identity"]) == .body(skip: 100, isExact: false))
    }

    @Test func `other statuses say for how long to wait`() {
        #expect(Self.answer(.notFound, [:]) == .fault(.status(404, retryAfter: nil)))
        #expect(
            Self.answer(.serviceUnavailable, ["retry-after": "7"]) == .fault(.status(503, retryAfter: .seconds(7))))
        #expect(
            Self.answer(.tooManyRequests, ["retry-after": "999999999"])
                == .fault(.status(429, retryAfter: .seconds(3_600))))
        #expect(
            Self.answer(.serviceUnavailable, ["retry-after": "-5"]) == .fault(.status(503, retryAfter: .seconds(1))))
        #expect(
            Self.answer(.serviceUnavailable, ["retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"])
                == .fault(.status(503, retryAfter: nil)))
        #expect(Self.answer(.found, ["location": "/x"]) == .redirect("/x"))
        #expect(Self.answer(.found, [:]) == .fault(.tooManyRedirects))
        #expect(Self.answer(.rangeNotSatisfiable, [:]).isWrongRange)
    }
}

extension RangeAnswer {
    fileprivate var isWrongRange: Bool {
        if case .fault(.wrongRange) = self { true } else { false }
    }
}
