// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel
import Testing
import TrackerWire

@Suite struct AnnouncerTests {
    private func add(
        _ number: UInt8, _ url: String, to announcer: Announcer, left: UInt64 = 9,
        onPeers: @escaping @Sendable ([PeerEndpoint]) -> Void = { _ in }
    ) async {
        await announcer.add(InfoHash(repeating: number), tiers: [[url]]) {
            AnnounceStatistics(uploaded: 1, downloaded: 2, left: left, wanted: 30)
        } onPeers: {
            onPeers($0)
        }
    }

    private func events(_ stub: TrackerStub) -> [String] { stub.requests.map { $0.parameter("event") ?? "" } }

    @Test func `a torrent is announced at once and its peers arrive`() async throws {
        try await AnnouncerFixture.run { announcer, stub in
            let (peers, continuation) = AsyncStream.makeStream(of: [PeerEndpoint].self)
            await self.add(1, stub.url(), to: announcer) { continuation.yield($0) }
            var iterator = peers.makeAsyncIterator()
            #expect(await iterator.next()?.map(\.description) == ["1.2.3.4:6753"])
            let request = try #require(stub.requests.first)
            #expect(request.parameter("event") == "started" && request.parameter("numwant") == "30")
            #expect(request.parameter("uploaded") == "1" && request.parameter("key") == "00000007")
        }
    }

    @Test func `status tells how it stands with each tracker`() async throws {
        try await AnnouncerFixture.run { announcer, stub in
            let hash = InfoHash(repeating: 1)
            #expect(await announcer.status(hash) == nil)
            await self.add(1, stub.url(), to: announcer)
            try await stub.received(1)
            while await announcer.status(hash)?.first?.standing.state == .announcing { await Task.yield() }
            let report = try #require(await announcer.status(hash)?.first)
            #expect(report.standing.url == stub.url() && report.standing.state == .working)
            #expect(report.standing.seeds == 1 && report.standing.received == 1)
            let next = try #require(report.untilNext)
            #expect(next > .seconds(700) && next < .seconds(1_000))
            #expect(report.sinceAnswer != nil)
        }
    }

    @Test func `completed is told at once and removal says stopped`() async throws {
        try await AnnouncerFixture.run { announcer, stub in
            await self.add(1, stub.url(), to: announcer)
            try await stub.received(1)
            await announcer.completed(InfoHash(repeating: 1))
            try await stub.received(2)
            await announcer.remove(InfoHash(repeating: 1))
            #expect(self.events(stub) == ["started", "completed", "stopped"])
            #expect(stub.requests.last?.parameter("numwant") == "0")
            #expect(await announcer.status(InfoHash(repeating: 1)) == nil)
        }
    }

    @Test func `a torrent that was removed can come back`() async throws {
        try await AnnouncerFixture.run { announcer, stub in
            for round in 1...3 {
                await self.add(1, stub.url(), to: announcer)
                try await stub.received(2 * round - 1)
                await announcer.remove(InfoHash(repeating: 1))
            }
            #expect(self.events(stub) == ["started", "stopped", "started", "stopped", "started", "stopped"])
        }
    }

    @Test func `an announce under way is called off before stopped is sent`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            request.parameter("event") == "started" ? .silence : AnnouncerFixture.answer
        }
        try await AnnouncerFixture.run(decide) { announcer, stub in
            await self.add(1, stub.url(), to: announcer)
            try await stub.received(1)
            await announcer.remove(InfoHash(repeating: 1))
            #expect(self.events(stub) == ["started", "stopped"])
        }
    }

    @Test func `shutdown tells all trackers`() async throws {
        try await AnnouncerFixture.run { announcer, stub in
            for number in UInt8(1)...40 { await self.add(number, stub.url(), to: announcer) }
            try await stub.received(40)
            await announcer.shutdown()
            let stopped = Set(
                stub.requests.filter { $0.parameter("event") == "stopped" }.compactMap { $0.parameter("info_hash") })
            #expect(stopped.count == 40)
            await self.add(99, stub.url(), to: announcer)
            #expect(await announcer.status(InfoHash(repeating: 99)) == nil)
        }
    }

    @Test func `a tracker that is deaf to the end of a torrent is not waited for`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            request.parameter("event") == "stopped" ? .silence : AnnouncerFixture.answer
        }
        try await AnnouncerFixture.run(decide, configure: { $0.stopTimeout = .milliseconds(100) }) { announcer, stub in
            for number in UInt8(1)...20 { await self.add(number, stub.url(), to: announcer) }
            try await stub.received(20)
            await announcer.remove(InfoHash(repeating: 1))
            #expect(await announcer.status(InfoHash(repeating: 1)) == nil)
            await announcer.shutdown()
        }
    }

    @Test func `a torrent whose tracker fails is tried again and the next tier steps in`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            request.uri.hasPrefix("/bad") ? .text("garbage") : AnnouncerFixture.answer
        }
        try await AnnouncerFixture.run(decide) { announcer, stub in
            await announcer.add(InfoHash(repeating: 1), tiers: [[stub.url("/bad")], [stub.url("/good")]]) {
                AnnounceStatistics(uploaded: 0, downloaded: 0, left: 0)
            } onPeers: { _ in
            }
            try await stub.received(2)
            #expect(stub.requests.map { String($0.uri.prefix(4)) } == ["/bad", "/goo"])
            let report = try #require(await announcer.status(InfoHash(repeating: 1)))
            #expect(report[0].standing.state == .failing && report[0].standing.failures == 1)
            #expect(report[0].standing.message?.contains("it begins \"garbage\"") == true)
            #expect(report.map(\.standing.tier) == [0, 1])
        }
    }

    @Test func `a thousand torrents share a bounded number of announces`() async throws {
        let underWay = LockedBox((now: 0, most: 0))
        try await AnnouncerFixture.run(configure: { $0.concurrency = 5 }) { announcer, stub in
            for number in 0..<1_000 {
                let bytes = (0..<20).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                await announcer.add(try #require(InfoHash(bytes: bytes)), tiers: [[stub.url()]]) {
                    underWay.withLock {
                        $0.now += 1
                        $0.most = max($0.most, $0.now)
                    }
                    return AnnounceStatistics(uploaded: 0, downloaded: 0, left: 0)
                } onPeers: { _ in
                    underWay.withLock { $0.now -= 1 }
                }
            }
            try await stub.received(1_000)
            #expect(underWay.withLock { $0.most } <= 5)
        }
    }

    @Test func `a tracker that never answers does not hold up the announces to others`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { _ in .silence }
        try await AnnouncerFixture.run(configure: { $0.shutdownTimeout = .milliseconds(100) }) { announcer, stub in
            let deaf = try await TrackerStub(decide)
            for number in UInt8(1)...100 { await self.add(number, deaf.url(), to: announcer) }
            for number in UInt8(101)...120 { await self.add(number, stub.url(), to: announcer) }
            try await stub.received(20)
            #expect(deaf.requests.count <= 8)
            await announcer.shutdown()
            try await deaf.close()
        }
    }

    @Test func `all trackers together are waited for no longer than one`() async throws {
        let decide: @Sendable (TrackerStub.Request) -> TrackerStub.Reply = { request in
            request.parameter("event") == "stopped" ? .silence : AnnouncerFixture.answer
        }
        // One announce alone would wait for hours.
        let configure: (inout Announcer.Configuration) -> Void = {
            $0.stopTimeout = .seconds(86_400)
            $0.shutdownTimeout = .milliseconds(100)
        }
        try await AnnouncerFixture.run(decide, configure: configure) { announcer, stub in
            for number in UInt8(1)...40 { await self.add(number, stub.url(), to: announcer) }
            try await stub.received(40)
            await announcer.shutdown()
            #expect(await announcer.status(InfoHash(repeating: 1)) == nil)
        }
    }

    @Test func `announce now waits for the min interval`() async throws {
        try await AnnouncerFixture.run({ _ in .text("d8:intervali900e12:min intervali300e5:peers0:e") }) {
            announcer, stub in
            await self.add(1, stub.url(), to: announcer)
            try await stub.received(1)
            while await announcer.status(InfoHash(repeating: 1))?.first?.standing.state != .working {
                await Task.yield()
            }
            let wait = try #require(await announcer.announceNow(InfoHash(repeating: 1)))
            #expect(wait > .seconds(250) && wait <= .seconds(300))
            #expect(await announcer.announceNow(InfoHash(repeating: 2)) == nil)
        }
    }
}
