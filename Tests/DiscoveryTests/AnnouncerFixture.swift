// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import SwarmModel
import Testing
import TrackerWire

@testable import Discovery

/// An announcer, and a stub in the place of its tracker.
enum AnnouncerFixture {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let source = AnnounceSource(address: IPAddress("127.0.0.1"), port: 6_881)
    /// One peer, 1.2.3.4:6753, and a seed.
    static let answer = TrackerStub.Reply.text(
        "d8:completei1e8:intervali900e5:peers6:\u{1}\u{2}\u{3}\u{4}\u{1A}\u{61}e")

    /// Who speaks HTTP; `book` is where it looks names up.
    static func fetcher(book: AddressBook = AddressBook()) -> HTTPFetcher {
        HTTPFetcher(group: .singletonMultiThreadedEventLoopGroup, book: book, logger: Self.quiet)
    }

    /// An address book by which every name is this machine's, and for which no time passes; `lookUps` are the names that were
    /// looked up.
    static func book(_ lookUps: LockedBox<[String]> = LockedBox([])) -> AddressBook {
        AddressBook(
            lookUp: { host in
                lookUps.withLock { $0.append(host) }
                return [IPAddress(v4: 0x7f00_0001)]
            }, now: { .uptimeNanoseconds(0) })
    }

    /// Runs a body with an announcer and a tracker that answers as `decide` says. What is told at the end may take as long as
    /// it does on a busy machine, unless `configure` says otherwise.
    static func run(
        book: AddressBook = AddressBook(),
        _ decide: @escaping @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { _ in Self.answer },
        configure: (inout Announcer.Configuration) -> Void = { _ in },
        _ body: (Announcer, TrackerStub) async throws -> Void
    ) async throws {
        let stub = try await TrackerStub(decide)
        let fetcher = Self.fetcher(book: book)
        let peerID = try #require(PeerID(bytes: Array("-SM0100-abcdefghijkl".utf8)))
        var configuration = Announcer.Configuration(peerID: peerID, key: 7)
        configuration.timeout = .seconds(300)
        configuration.stopTimeout = .seconds(300)
        configuration.shutdownTimeout = .seconds(300)
        configure(&configuration)
        let announcer = Announcer(
            client: TrackerClient(fetcher: fetcher, sources: [Self.source]), configuration: configuration, seed: 1,
            logger: Self.quiet)
        do {
            try await body(announcer, stub)
        } catch {
            Issue.record(error)
        }
        await announcer.shutdown()
        await fetcher.shutdown()
        try await stub.close()
    }
}
