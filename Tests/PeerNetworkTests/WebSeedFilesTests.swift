// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel
import Testing

@testable import PeerNetwork

/// Where bytes lie on a web seed, and when it is asked again.
@Suite struct WebSeedFilesTests {
    private static let files = WebSeedFiles(
        files: [
            .init(path: "t/a%20b", offset: 0, length: 100), .init(path: "t/empty", offset: 100, length: 0),
            .init(path: nil, offset: 100, length: 28), .init(path: "t/c", offset: 128, length: 1_000),
        ], isSingleFile: false)

    @Test func `a run is divided into the files that it lies in`() {
        #expect(Self.files.spans(of: 10..<20) == [.init(file: 0, range: 10..<20)])
        #expect(
            Self.files.spans(of: 90..<200) == [
                .init(file: 0, range: 90..<100), .init(file: nil, range: 0..<28), .init(file: 2, range: 0..<72),
            ])
        #expect(Self.files.spans(of: 100..<128) == [.init(file: nil, range: 0..<28)])
        #expect(Self.files.spans(of: 1_127..<1_128) == [.init(file: 2, range: 999..<1_000)])
        #expect(Self.files.spans(of: 1_128..<1_200).isEmpty)
    }

    @Test func `URLs are those of the files below a folder, or of the only file`() {
        #expect(Self.files.url(of: 0, at: "http://w/x/") == "http://w/x/t/a%20b")
        #expect(Self.files.url(of: 2, at: "http://w/x") == "http://w/x/t/c")
        let single = WebSeedFiles(files: [.init(path: "n", offset: 0, length: 1)], isSingleFile: true)
        #expect(single.url(of: 0, at: "http://w/x") == "http://w/x")
        #expect(single.url(of: 0, at: "http://w/x/") == "http://w/x/n")
    }

    @Test func `pauses grow, and end with what works`() {
        var standing = WebSeedStanding()
        let now = Instant(nanoseconds: 0)
        var pauses: [Double] = []
        for _ in 0..<9 {
            standing.failed(.cut, at: now)
            pauses.append(((standing.readyAt ?? now) - now).inSeconds)
        }
        #expect(pauses == [10, 20, 40, 80, 160, 320, 640, 1_280, 1_800])
        #expect(!standing.isReady(at: now + .seconds(1_799)) && standing.isReady(at: now + .seconds(1_800)))
        standing.succeeded()
        #expect(standing.isReady(at: now) && standing.problem == nil)
        standing.failed(.status(404, retryAfter: nil), at: now)
        #expect(standing.readyAt == now + .seconds(300))
        standing.failed(.status(503, retryAfter: .seconds(7)), at: now)
        #expect(standing.readyAt == now + .seconds(7) && standing.dropReason == nil)
    }

    @Test func `what is the server's way ends it at the third time, what will not change at once`() {
        let now = Instant(nanoseconds: 0)
        var doubtful = WebSeedStanding()
        doubtful.failed(.tooManyRedirects, at: now)
        doubtful.failed(.wrongRange("x"), at: now)
        #expect(doubtful.dropReason == nil)
        doubtful.failed(.tooManyRedirects, at: now)
        #expect(doubtful.dropReason == "too many redirects" && !doubtful.isReady(at: now + .seconds(9_999)))
        var lasting = WebSeedStanding()
        lasting.failed(.refusedAddress("it leads there"), at: now)
        #expect(lasting.dropReason == "it leads there")
    }
}
