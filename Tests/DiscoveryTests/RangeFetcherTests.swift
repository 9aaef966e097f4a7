// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmModel
import Testing

@testable import Discovery

/// Ranges from a server whose answers are scripted.
@Suite(.timeLimit(.minutes(15)))
struct RangeFetcherTests {
    private static let file = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

    /// What came of one request.
    private struct Outcome: Sendable {
        var bytes: [UInt8]
        var fault: RangeFault?
        var requests: [TrackerStub.Request]
    }

    /// Asks for a range of a server that answers as told.
    private static func fetch(
        _ range: Range<UInt64> = 1_000..<3_000, path: String = "/file", policy: WebAddressPolicy? = nil,
        host: String = "127.0.0.1", lookUp: [String: String] = [:],
        _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply
    ) async throws -> Outcome {
        let stub = try await TrackerStub(decide)
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let group = MultiThreadedEventLoopGroup.singleton
        let book = AddressBook(lookUp: { host in lookUp[host].flatMap { IPAddress($0) }.map { [$0] } ?? [] })
        let fetcher = HTTPFetcher(group: group, book: book, logger: quiet)
        let ranges = RangeFetcher(
            group: group, sharing: fetcher, policy: policy ?? WebAddressPolicy(allowsLoopback: true), logger: quiet)
        let request = RangeRequest(
            url: "http://\(host):\(stub.port)\(path)", range: range, fileLength: UInt64(Self.file.count))
        let loop = group.any()
        let promise = loop.makePromise(of: (bytes: [UInt8], fault: RangeFault?).self)
        loop.execute {
            let bytes = NIOLoopBoundBox<[UInt8]>([], eventLoop: loop)
            _ = ranges.fetch(request, on: loop) {
                bytes.value += Array($0.readableBytesView)
            } onEnd: {
                promise.succeed((bytes.value, $0))
            }
        }
        let result = try await promise.futureResult.get()
        await ranges.shutdown()
        await fetcher.shutdown()
        let requests = stub.requests
        try await stub.close()
        return Outcome(bytes: result.bytes, fault: result.fault, requests: requests)
    }

    /// Answers as servers do that know ranges.
    private static func serve(_ request: TrackerStub.Request) -> TrackerStub.Reply {
        let text = request.headers.first(name: "range") ?? ""
        let ends = text.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2 else { return .body(.ok, Self.file) }
        return .body(
            .partialContent, Array(Self.file[ends[0]...ends[1]]),
            ["content-range": "bytes \(ends[0])-\(ends[1])/\(Self.file.count)"])
    }

    @Test func `a range comes as it was asked for`() async throws {
        let outcome = try await Self.fetch { Self.serve($0) }
        #expect(outcome.fault == nil && outcome.bytes == Array(Self.file[1_000..<3_000]))
        let headers = try #require(outcome.requests.first).headers
        #expect(headers["range"] == ["bytes=1000-2999"] && headers["accept-encoding"] == ["identity"])
    }

    @Test func `of a server that sends whole files no more is taken than was asked for`() async throws {
        let outcome = try await Self.fetch { _ in .body(.ok, Self.file) }
        #expect(outcome.fault == nil && outcome.bytes == Array(Self.file[1_000..<3_000]))
        let all = try await Self.fetch(0..<10_000) { _ in .body(.ok, Self.file) }
        #expect(all.fault == nil && all.bytes == Self.file)
    }

    @Test func `more than was asked for is no answer`() async throws {
        let outcome = try await Self.fetch { _ in
            .body(.partialContent, Self.file, ["content-range": "bytes 1000-2999/10000"])
        }
        #expect(outcome.fault == .tooMuch && outcome.bytes.count == 2_000)
    }

    @Test func `what breaks off is told`() async throws {
        let outcome = try await Self.fetch { _ in .hangUp }
        guard case .unreachable = outcome.fault else {
            Issue.record("\(String(describing: outcome.fault))")
            return
        }
        let short = try await Self.fetch { _ in
            .body(.partialContent, Array(Self.file[1_000..<1_500]), ["content-range": "bytes 1000-2999/10000"])
        }
        #expect(short.fault == .cut && short.bytes.count == 500)
    }

    @Test func `redirects are followed, in no circle`() async throws {
        let outcome = try await Self.fetch { request in
            request.uri == "/file" ? .body(.found, [], ["location": "there"]) : Self.serve(request)
        }
        #expect(outcome.fault == nil && outcome.bytes.count == 2_000)
        #expect(outcome.requests.map(\.uri) == ["/file", "/there"])
        let circle = try await Self.fetch { _ in .body(.movedPermanently, [], ["location": "/file"]) }
        #expect(circle.fault == .tooManyRedirects)
        #expect(circle.requests.count == RangeFetcher.maximumRedirects + 1)
    }

    @Test func `nobody is led to this machine`() async throws {
        let strict = WebAddressPolicy()
        let direct = try await Self.fetch(policy: strict) { Self.serve($0) }
        #expect(direct.requests.isEmpty)
        guard case .refusedAddress = direct.fault else {
            Issue.record("\(String(describing: direct.fault))")
            return
        }
        // A name that leads there is no better.
        let named = try await Self.fetch(policy: strict, host: "web.example", lookUp: ["web.example": "127.0.0.1"]) {
            Self.serve($0)
        }
        #expect(named.requests.isEmpty && named.fault == direct.fault)
        let other = try await Self.fetch { _ in .body(.found, [], ["location": "http://169.254.169.254/latest"]) }
        guard case .refusedAddress = other.fault else {
            Issue.record("\(String(describing: other.fault))")
            return
        }
    }

    @Test func `a host is asked by the address that was looked up, under its name`() async throws {
        let outcome = try await Self.fetch(host: "web.example", lookUp: ["web.example": "127.0.0.1"]) {
            Self.serve($0)
        }
        #expect(outcome.fault == nil)
        let host = try #require(outcome.requests.first?.headers.first(name: "host"))
        #expect(host.hasPrefix("web.example:"))
        let unknown = try await Self.fetch(host: "nowhere.example") { Self.serve($0) }
        guard case .refusedAddress = unknown.fault else {
            Issue.record("\(String(describing: unknown.fault))")
            return
        }
    }

    @Test func `statuses come back with the pause that the server wishes`() async throws {
        let outcome = try await Self.fetch { _ in .body(.serviceUnavailable, [1, 2, 3], ["retry-after": "30"]) }
        #expect(outcome.fault == .status(503, retryAfter: .seconds(30)) && outcome.bytes.isEmpty)
    }
}
