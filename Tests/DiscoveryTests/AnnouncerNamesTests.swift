// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel
import Testing
import TrackerWire

/// Hybrids are announced under both of their names (BEP 52).
@Suite(.timeLimit(.minutes(15))) struct AnnouncerNamesTests {
    private static let v1 = InfoHash(repeating: 0x41)
    private static let v2 = InfoHash(repeating: 0x42)
    private static let answers = [
        "AAAAAAAAAAAAAAAAAAAA":
            "d8:completei3e10:incompletei1e8:intervali900e5:peers6:\u{1}\u{2}\u{3}\u{4}\u{1A}\u{61}e",
        "BBBBBBBBBBBBBBBBBBBB":
            "d8:completei2e10:incompletei5e8:intervali900e5:peers6:\u{5}\u{6}\u{7}\u{8}\u{1A}\u{61}e",
    ]

    private func with(
        gap: Interval = .zero,
        _ decide: @escaping @Sendable (String, TrackerStub.Request) -> TrackerStub.Reply = { name, _ in
            .text(Self.answers[name] ?? "")
        },
        _ body: (Announcer, TrackerStub) async throws -> Void
    ) async throws {
        try await AnnouncerFixture.run({ decide(Self.name($0), $0) }, configure: { $0.nameGap = gap }, body)
    }

    private static func name(_ request: TrackerStub.Request) -> String { request.parameter("info_hash") ?? "" }

    private func add(
        to announcer: Announcer, _ stub: TrackerStub,
        onPeers: @escaping @Sendable (InfoHash, [PeerEndpoint]) -> Void = { _, _ in }
    ) async {
        await announcer.add(Self.v1, tiers: [[stub.url()]]) {
            AnnounceStatistics(uploaded: 11, downloaded: 22, left: 33)
        } onPeers: {
            onPeers(Self.v1, $0)
        }
        await announcer.addName(Self.v2, of: Self.v1) { onPeers(Self.v2, $0) }
    }

    private func events(_ stub: TrackerStub, of name: String) -> [String] {
        stub.requests.filter { Self.name($0) == name }.map { $0.parameter("event") ?? "" }
    }

    @Test func `both names are announced with the same figures, and each brings its own peers`() async throws {
        try await self.with { announcer, stub in
            let (peers, continuation) = AsyncStream.makeStream(of: (InfoHash, String).self)
            await self.add(to: announcer, stub) { continuation.yield(($0, $1.map(\.description).joined())) }
            var iterator = peers.makeAsyncIterator()
            var found: [InfoHash: String] = [:]
            for _ in 0..<2 {
                let next = try #require(await iterator.next())
                found[next.0] = next.1
            }
            #expect(found == [Self.v1: "1.2.3.4:6753", Self.v2: "5.6.7.8:6753"])
            for request in stub.requests {
                #expect(request.parameter("uploaded") == "11" && request.parameter("downloaded") == "22")
                #expect(request.parameter("left") == "33" && request.parameter("event") == "started")
            }
        }
    }

    @Test func `what happens to a torrent is told under both names`() async throws {
        try await self.with { announcer, stub in
            await self.add(to: announcer, stub)
            try await stub.received(2)
            await announcer.completed(Self.v1)
            try await stub.received(4)
            await announcer.remove(Self.v1)
            for name in Self.answers.keys {
                #expect(self.events(stub, of: name) == ["started", "completed", "stopped"])
            }
            for name in [Self.v1, Self.v2] { #expect(await announcer.status(name) == nil) }
        }
    }

    @Test func `the other name waits its turn, and leaves in silence if that has not come`() async throws {
        try await self.with(gap: .seconds(3_600)) { announcer, stub in
            await self.add(to: announcer, stub)
            try await stub.received(1)
            while await announcer.status(Self.v1)?.first?.standing.state != .working { await Task.yield() }
            let next = try #require(await announcer.status(Self.v1)?.first?.untilNext)
            #expect(next > .seconds(800) && next <= .seconds(3_600))
            await announcer.remove(Self.v1)
            #expect(stub.requests.map(Self.name) == Array(repeating: "AAAAAAAAAAAAAAAAAAAA", count: 2))
        }
    }

    @Test func `a tracker is one row, with the larger swarm`() async throws {
        try await self.with { announcer, stub in
            await self.add(to: announcer, stub)
            try await stub.received(2)
            while await announcer.status(Self.v1)?.first?.standing.received != 2 { await Task.yield() }
            let rows = try #require(await announcer.status(Self.v1))
            #expect(rows.count == 1 && rows[0].standing.state == .working)
            #expect(rows[0].standing.seeds == 3 && rows[0].standing.leechers == 5)
        }
    }

    @Test func `a tracker that refuses one name works, and says why it does not like the other`() async throws {
        try await self.with { name, _ in
            .text(name.hasPrefix("B") ? "d14:failure reason12:unregisterede" : Self.answers[name] ?? "")
        } _: { announcer, stub in
            await self.add(to: announcer, stub)
            try await stub.received(2)
            // The two answers may come in either order.
            while true {
                let row = try #require(await announcer.status(Self.v1)?.first)
                guard row.standing.state == .working, let message = row.standing.message else {
                    await Task.yield()
                    continue
                }
                #expect(row.standing.seeds == 3)
                #expect(message.hasPrefix("as \(Self.v2): ") && message.contains("unregistered"))
                break
            }
        }
    }

    @Test func `a name by which another torrent is here is left to that one`() async throws {
        try await self.with { announcer, stub in
            await announcer.add(Self.v2, tiers: [[stub.url()]]) {
                AnnounceStatistics(uploaded: 0, downloaded: 0, left: 1)
            } onPeers: { _ in
            }
            await self.add(to: announcer, stub)
            try await stub.received(2)
            await announcer.remove(Self.v1)
            #expect(await announcer.status(Self.v2) != nil)
            #expect(self.events(stub, of: "BBBBBBBBBBBBBBBBBBBB") == ["started"])
        }
    }
}
