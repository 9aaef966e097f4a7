// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import SwarmModel
import Testing
import TrackerWire

@testable import Discovery

/// What thousands of torrents on one tracker, and a tracker that means ill, cost.
@Suite(.timeLimit(.minutes(15)))
struct AnnounceStormTests {
    private static let count = 5_000

    /// Adds very many torrents of one tracker, and waits until all have been announced.
    private static func announceAll(_ announcer: Announcer, to url: String, _ stub: TrackerStub) async throws {
        for number in 0..<Self.count {
            let infoHash = InfoHash(Bytes20(high: UInt64(number), middle: 0, low: 0))
            await announcer.add(infoHash, tiers: [[url]]) {
                AnnounceStatistics(uploaded: 0, downloaded: 0, left: 1)
            } onPeers: { _ in
            }
        }
        try await stub.received(Self.count)
    }

    /// Nobody waits for so many trackers to be told of the end.
    private static func hurry(_ configuration: inout Announcer.Configuration) {
        configuration.shutdownTimeout = .milliseconds(500)
    }

    @Test func `five thousand torrents on one tracker use eight connections`() async throws {
        try await AnnouncerFixture.run(configure: Self.hurry) { announcer, stub in
            try await Self.announceAll(announcer, to: stub.url(), stub)
            #expect(stub.mostConnections <= 8)
            #expect(Set(stub.requests.compactMap { $0.parameter("info_hash") }).count == Self.count)
            await announcer.shutdown()
            #expect(stub.mostConnections <= 8)
        }
    }

    @Test func `five thousand torrents on one tracker look its name up once`() async throws {
        let lookUps = LockedBox<[String]>([])
        try await AnnouncerFixture.run(book: AnnouncerFixture.book(lookUps), configure: Self.hurry) { announcer, stub in
            let place = "tracker.example:\(stub.port)"
            try await Self.announceAll(announcer, to: "http://\(place)/announce", stub)
            await announcer.shutdown()
            #expect(lookUps.withLock { $0 } == ["tracker.example"])
            #expect(stub.mostConnections <= 8)
            #expect(Set(stub.requests.compactMap { $0.headers.first(name: "host") }) == [place])
        }
    }

    @Test func `an https tracker is found by the look-up of the minute and greeted by its name`() async throws {
        let greetings = LockedBox<[String]>([])
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in channel.pipeline.addHandler(GreetingHandler(greetings)) }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(server.localAddress?.port)
        let lookUps = LockedBox<[String]>([])
        let fetcher = AnnouncerFixture.fetcher(book: AnnouncerFixture.book(lookUps))
        let client = TrackerClient(fetcher: fetcher, sources: [AnnouncerFixture.source])
        let request = AnnounceRequest(
            infoHash: InfoHash(Bytes20()), peerID: try #require(PeerID(bytes: 0..<20)), port: 1, left: 1)
        for _ in 0..<3 {
            // Nobody there has a certificate.
            await #expect(throws: TrackerError.self) {
                try await client.announce(
                    request, to: "https://tracker.example:\(port)/announce", timeout: .seconds(240))
            }
        }
        #expect(lookUps.withLock { $0 } == ["tracker.example"])
        #expect(greetings.withLock { $0.count } >= 3)
        #expect(greetings.withLock { $0.allSatisfy { $0.contains("tracker.example") } })
        await fetcher.shutdown()
        try await server.close()
    }

    @Test func `clients of hosts that nobody asks any more are not kept for ever`() async throws {
        let clients = PinnedClients(group: .singletonMultiThreadedEventLoopGroup)
        for number in 0..<UInt32(5 * PinnedClients.idleLimit) {
            let address = IPAddress(v4: number)
            let first = clients.take("tracker.example", at: address)
            #expect(clients.take("tracker.example", at: address) === first)
            clients.giveBack("tracker.example", at: address)
            clients.giveBack("tracker.example", at: address)
        }
        #expect(clients.count == PinnedClients.idleLimit)
        try await clients.shutdown()
        #expect(clients.count == 0)
    }

    @Test func `a redirect to another host is asked under that host's name`() async throws {
        let stub = try await TrackerStub { request in
            guard request.headers.first(name: "host")?.hasPrefix("old.example") == true else {
                return .text("d8:intervali60e5:peers0:e")
            }
            let port = request.headers.first(name: "host")?.split(separator: ":").last ?? ""
            return .body(.movedPermanently, [], ["location": "http://new.example:\(port)/announce"])
        }
        let fetcher = AnnouncerFixture.fetcher(book: AnnouncerFixture.book())
        let client = TrackerClient(fetcher: fetcher, sources: [AnnouncerFixture.source])
        let request = AnnounceRequest(
            infoHash: InfoHash(Bytes20()), peerID: try #require(PeerID(bytes: 0..<20)), port: 1, left: 1)
        let url = "http://old.example:\(stub.port)/announce"
        let answer = try await client.announce(request, to: url, timeout: .seconds(240))
        #expect(answer.interval == .seconds(60))
        #expect(
            stub.requests.compactMap { $0.headers.first(name: "host") }
                == ["old.example:\(stub.port)", "new.example:\(stub.port)"])
        await fetcher.shutdown()
        try await stub.close()
    }

    @Test func `a name is looked up once a minute, however many ask`() async throws {
        let loops = MultiThreadedEventLoopGroup.singleton
        let lookUps = LockedBox<[String]>([])
        let clock = LockedBox(NIODeadline.uptimeNanoseconds(0))
        let fails = LockedBox(false)
        let book = AddressBook(
            lookUp: { host in
                lookUps.withLock { $0.append(host) }
                if fails.withLock({ $0 }) { throw TrackerError.unreachable("no such name") }
                return [IPAddress(v4: 7)]
            }, now: { clock.withLock { $0 } })
        for _ in 0..<60 {
            let asked = (0..<100).map { _ in book.addresses(of: "tracker.example", on: loops.next()) }
            for future in asked { #expect(try await future.get() == [IPAddress(v4: 7)]) }
            clock.withLock { $0 = $0 + .milliseconds(999) }
        }
        #expect(lookUps.withLock { $0.count } == 1)
        clock.withLock { $0 = $0 + .seconds(1) }
        fails.withLock { $0 = true }
        for _ in 0..<9 {
            await #expect(throws: TrackerError.self) {
                try await book.addresses(of: "tracker.example", on: loops.next()).get()
            }
            clock.withLock { $0 = $0 + .seconds(1) }
        }
        #expect(lookUps.withLock { $0.count } == 2)
        // A name that could not be found is tried again sooner.
        fails.withLock { $0 = false }
        clock.withLock { $0 = $0 + .seconds(2) }
        #expect(try await book.addresses(of: "tracker.example", on: loops.next()).get() == [IPAddress(v4: 7)])
        #expect(try await book.addresses(of: "192.0.2.1", on: loops.next()).get() == [IPAddress("192.0.2.1")])
        #expect(lookUps.withLock { $0.count } == 3)
    }

    @Test func `an answer of a hundred megabytes is let go at the limit`() async throws {
        let megabytes = [UInt8](repeating: 0x64, count: 100 << 20)
        let stub = try await TrackerStub { _ in .body(.ok, megabytes) }
        let fetcher = AnnouncerFixture.fetcher()
        let request = AnnounceRequest(
            infoHash: InfoHash(Bytes20()), peerID: try #require(PeerID(bytes: 0..<20)), port: 1, left: 1)
        let client = TrackerClient(fetcher: fetcher, sources: [AnnouncerFixture.source])
        do throws(TrackerError) {
            _ = try await client.announce(request, to: stub.url(), timeout: .seconds(240))
            Issue.record("it was taken")
        } catch {
            guard case .garbage = error else {
                Issue.record("\(error)")
                return
            }
        }
        await fetcher.shutdown()
        try await stub.close()
    }

    @Test func `redirects that never end are given up`() async throws {
        let count = LockedBox(0)
        let stub = try await TrackerStub { _ in
            let number = count.withLock {
                $0 += 1
                return $0
            }
            return .body(.found, [], ["location": "/announce?again=\(number)"])
        }
        let fetcher = AnnouncerFixture.fetcher()
        let client = TrackerClient(fetcher: fetcher, sources: [AnnouncerFixture.source])
        let request = AnnounceRequest(
            infoHash: InfoHash(Bytes20()), peerID: try #require(PeerID(bytes: 0..<20)), port: 1, left: 1)
        await #expect(throws: TrackerError.unreachable("too many redirects")) {
            try await client.announce(request, to: stub.url(), timeout: .seconds(240))
        }
        #expect(stub.requests.count == HTTPFetcher.Limits().redirects + 1)
        await fetcher.shutdown()
        try await stub.close()
    }
}
