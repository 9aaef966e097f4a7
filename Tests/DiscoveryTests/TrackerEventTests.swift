// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOPosix
import SwarmModel
import Synchronization
import Testing
import TrackerWire

@testable import Discovery

@Suite struct TrackerEventTests {
    private static let url = "https://me:geheim@private.example/0123456789abcdef/announce?key=c0ffee"

    private func with(_ body: (isolated Announcer, RecordedEvents) throws -> Void) async throws {
        let events = RecordedEvents()
        let fetcher = HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, logger: events.logger)
        let peerID = try #require(PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8)))
        let announcer = Announcer(
            client: TrackerClient(fetcher: fetcher, sources: []),
            configuration: Announcer.Configuration(peerID: peerID, key: 7), seed: 1, logger: events.logger)
        try await body(announcer, events)
        await fetcher.shutdown()
    }

    private static func announcement(_ url: String = Self.url) -> Announcement {
        Announcement(tracker: 0, url: url, event: .none, trackerID: nil)
    }

    @Test func `a tracker that cannot be reached is told of once for all torrents, and when it is back`() async throws {
        try await self.with { announcer, events in
            for number in 1...3 {
                announcer.noteFailure(
                    .unreachable("no route"), of: Self.announcement(), InfoHash(repeating: UInt8(number)), isNews: true)
            }
            #expect(events.told == ["tracker-failed"])
            announcer.noteAnswer(5, to: Self.announcement(), of: InfoHash(repeating: 1))
            announcer.noteAnswer(5, to: Self.announcement(), of: InfoHash(repeating: 2))
            #expect(events.told == ["tracker-failed", "tracker-recovered"])
        }
    }

    @Test func `a tracker that refuses a torrent is told of once for that torrent`() async throws {
        try await self.with { announcer, events in
            for isNews in [true, false, false] {
                announcer.noteFailure(
                    .garbage("not bencode", excerpt: "<html>"), of: Self.announcement(), InfoHash(repeating: 1),
                    isNews: isNews)
            }
            #expect(events.told == ["tracker-failed"])
            announcer.noteFailure(.cancelled, of: Self.announcement(), InfoHash(repeating: 1), isNews: true)
            #expect(events.told.count == 1)
        }
    }

    @Test func `no record has a passkey, a query or a password, at any level`() async throws {
        try await self.with { announcer, events in
            let echo = TrackerError.garbage("what is \(Self.url)", excerpt: "0123456789abcdef unknown, c0ffee too")
            announcer.noteFailure(echo, of: Self.announcement(), InfoHash(repeating: 1), isNews: true)
            announcer.noteFailure(echo, of: Self.announcement(), InfoHash(repeating: 1), isNews: false)
            announcer.noteAnswer(5, to: Self.announcement(), of: InfoHash(repeating: 1))
            #expect(events.all.count == 3)
            for text in events.all {
                for secret in ["geheim", "0123456789abcdef", "c0ffee"] { #expect(!text.contains(secret), "\(text)") }
                #expect(text.contains("private.example"))
            }
        }
    }
}

/// A log that remembers everything.
private final class RecordedEvents: Sendable {
    private let records = Mutex<[(level: Logger.Level, kind: String, text: String)]>([])

    /// The kinds of what an operator sees.
    var told: [String] { self.records.withLock { $0.filter { $0.level >= .info }.map(\.kind) } }
    /// Messages and fields at every level.
    var all: [String] { self.records.withLock { $0.map(\.text) } }
    var logger: Logger { Logger(label: "test") { _ in Handler(events: self) } }

    private struct Handler: LogHandler {
        let events: RecordedEvents
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(events: RecordedEvents) {
            self.events = events
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { self.metadata[key] }
            set { self.metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = event.metadata ?? [:]
            let record = (event.level, "\(fields["event"] ?? "")", "\(event.message) \(fields)")
            self.events.records.withLock { $0.append(record) }
        }
    }
}
