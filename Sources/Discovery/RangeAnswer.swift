// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import SwarmModel

/// What the head of an answer to a request for a range means.
enum RangeAnswer: Hashable {
    /// The bytes come, after some that are to be skipped; `isExact` when nothing comes after them.
    case body(skip: UInt64, isExact: Bool)
    /// They are elsewhere.
    case redirect(String)
    /// They do not come.
    case fault(RangeFault)

    /// The most that is skipped of a file of which the server sends the whole.
    static let longestSkip: UInt64 = 1 << 20
    /// The longest that a server is left alone because it wishes so.
    private static let longestPause: Int64 = 3_600

    /// Judges a head.
    init(_ head: HTTPResponseHead, to request: RangeRequest) {
        let encoding = head.headers["content-encoding"].first { $0.lowercased() != "identity" }
        switch head.status.code {
        case 206:
            self = encoding.map { .fault(.encoded(String($0.prefix(20)))) } ?? Self.part(head.headers, request)
        case 200:
            self = encoding.map { .fault(.encoded(String($0.prefix(20)))) } ?? Self.whole(head.headers, request)
        case 301, 302, 303, 307, 308:
            self = head.headers.first(name: "location").map { .redirect($0) } ?? .fault(.tooManyRedirects)
        case 416: self = .fault(.wrongRange("the file there is shorter"))
        default:
            let pause = head.headers.first(name: "retry-after").flatMap { Int64($0) }
            self = .fault(
                .status(
                    Int(head.status.code), retryAfter: pause.map { .seconds(min(max($0, 1), Self.longestPause)) }))
        }
    }

    /// Some of the file, as `Content-Range` says (RFC 9110 §14.4).
    private static func part(_ headers: HTTPHeaders, _ request: RangeRequest) -> RangeAnswer {
        guard let text = headers.first(name: "content-range"), let stated = Self.contentRange(text) else {
            let text = headers.first(name: "content-range") ?? headers.first(name: "content-type") ?? "no Content-Range"
            return .fault(.wrongRange(String(text.prefix(60))))
        }
        if let length = stated.length, length != request.fileLength { return .fault(.wrongFile(length)) }
        guard stated.range == request.range else { return .fault(.wrongRange(String(text.prefix(60)))) }
        return .body(skip: 0, isExact: true)
    }

    /// All of the file: good where what was asked for comes soon enough.
    private static func whole(_ headers: HTTPHeaders, _ request: RangeRequest) -> RangeAnswer {
        if let length = headers.first(name: "content-length").flatMap({ UInt64($0) }), length != request.fileLength {
            return .fault(.wrongFile(length))
        }
        guard request.range.lowerBound <= Self.longestSkip else { return .fault(.ignoresRanges) }
        return .body(
            skip: request.range.lowerBound, isExact: request.range.upperBound == request.fileLength)
    }

    /// `bytes 0-99/1000`; the length may be `*`.
    static func contentRange(_ text: String) -> (range: Range<UInt64>, length: UInt64?)? {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, ends.count == 2, let first = UInt64(ends[0]), let last = UInt64(ends[1]),
            first <= last, last < .max
        else { return nil }
        let length = UInt64(parts[1])
        guard length != nil || parts[1] == "*" else { return nil }
        return (first..<last + 1, length)
    }
}
