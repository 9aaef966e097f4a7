// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerServer
import TrackerWire

@Suite struct DatagramServingTests {
    static func request(
        _ number: Int, left: UInt64 = 1, event: AnnounceEvent = .none, port: UInt16? = nil, wanted: Int? = nil
    ) -> AnnounceRequest {
        let id = PeerID(bytes: Array("-SM0100-".utf8) + (0..<12).map { UInt8(65 + (number >> $0) % 2) })!
        var request = AnnounceRequest(
            infoHash: AnnounceServingTests.hash, peerID: id, port: port ?? UInt16(1000 + number), left: left,
            event: event)
        request.key = UInt32(number)
        request.wanted = wanted
        return request
    }

    @Test func `peers find each other and never themselves`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            for number in 0..<10 {
                let answer = try client.announce(Self.request(number, left: number == 0 ? 0 : 1), id)
                #expect(answer.peers.map(\.endpoint.port).sorted() == (0..<number).map { UInt16(1000 + $0) })
                #expect(answer.complete == 1 && answer.incomplete == UInt64(number))
            }
            #expect(try client.announce(Self.request(3, wanted: 4), id).peers.count == 4)
            #expect(try client.announce(Self.request(3, event: .stopped), id).incomplete == 8)
        }
    }

    @Test func `HTTP and UDP are one swarm on one port`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            _ = try client.announce(Self.request(1), try client.connect())
            let web = try TestClient(server.endpoints[0])
            let answer = try AnnounceServingTests.accepted(try web.get(AnnounceServingTests.target(2)))
            #expect(answer.peers.map(\.endpoint.port) == [1001])
        }
    }

    @Test func `intervals vary, so that peers do not come in waves`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            let intervals = try (0..<50).map { try client.announce(Self.request($0), id).interval }
            #expect(Set(intervals).count > 3)
        }
    }

    @Test func `a scrape tells counts in order, zeros for what nobody knows`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            _ = try client.announce(Self.request(1, left: 0), id)
            _ = try client.announce(Self.request(2), id)
            _ = try client.announce(Self.request(2, left: 0, event: .completed), id)
            _ = try client.announce(Self.request(3), id)
            let unknown = InfoHash(bytes: [UInt8](repeating: 1, count: 20))!
            let reply = try client.ask {
                ScrapeRequest(infoHashes: [unknown, AnnounceServingTests.hash]).datagram(
                    connectionID: id, transaction: $0)
            }
            #expect(
                reply
                    == .scraped([
                        .init(complete: 0, downloaded: 0, incomplete: 0),
                        .init(complete: 2, downloaded: 1, incomplete: 1),
                    ]))
            let most = ScrapeRequest(infoHashes: Array(repeating: unknown, count: 74))
            guard case .scraped(let all) = try client.ask({ most.datagram(connectionID: id, transaction: $0) }) else {
                Issue.record("74 torrents are not scraped")
                return
            }
            #expect(all.count == 74)
        }
    }

    @Test func `faults are told in words`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            func refusal(_ make: (UInt32) -> [UInt8]) throws -> String {
                guard case .refused(let reason) = try client.ask(make) else { return "not refused" }
                return reason
            }
            let zero = try refusal { Self.request(1, port: 0).datagram(connectionID: id, transaction: $0) }
            #expect(zero.contains("port 0"))
            let stale = try refusal { Self.request(1).datagram(connectionID: id ^ 1, transaction: $0) }
            #expect(stale.contains("connection id"))
            let scrape = ScrapeRequest(infoHashes: [AnnounceServingTests.hash])
            #expect(try refusal { scrape.datagram(connectionID: 0, transaction: $0) }.contains("connection id"))
            let part = try refusal { scrape.datagram(connectionID: id, transaction: $0) + [1] }
            #expect(part.contains("74"))
        }
    }

    @Test func `an id is good for its address only`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            let other = try TestDatagramClient(server.endpoints[0], source: IPAddress("127.0.0.2"))
            guard case .refused = try other.ask({ Self.request(1).datagram(connectionID: id, transaction: $0) }) else {
                Issue.record("another address used the id")
                return
            }
            let sameAddress = try TestDatagramClient(server.endpoints[0])
            #expect(try sameAddress.announce(Self.request(1), id).incomplete == 1)
        }
    }

    @Test func `what has not proved its address gets no more than it sent`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            for bytes in [
                [], [UInt8](repeating: 0, count: 15), [UInt8](repeating: 0, count: 16),
                Array(Self.request(1).datagram(connectionID: 1, transaction: 2).prefix(97)),
                ScrapeRequest(infoHashes: []).datagram(connectionID: 3, transaction: 4),
                [UInt8](repeating: 0xff, count: 2000), [UInt8](repeating: 0, count: 3000),
            ] {
                client.send(bytes)
            }
            for bytes in [
                Self.request(1).datagram(connectionID: 1, transaction: 2),
                ScrapeRequest(infoHashes: [AnnounceServingTests.hash]).datagram(connectionID: 3, transaction: 4),
                DatagramHead.connect(transaction: 9),
            ] {
                client.send(bytes)
                // Answers come in order, so whatever answered the rubbish would be seen here.
                let answer = try #require(client.receive())
                #expect(answer.count <= bytes.count)
                #expect(DatagramReply.transaction(of: answer.span) == DatagramHead(datagram: bytes.span)?.transaction)
            }
        }
    }

    @Test func `a peer of both families is one peer`() async throws {
        var configuration = TestTracker.configuration
        configuration.listen = [PeerEndpoint("127.0.0.1:0")!, PeerEndpoint("[::1]:0")!]
        try await TestTracker.run(configuration) { server in
            let v4 = try TestDatagramClient(server.endpoints[0])
            let v6 = try TestDatagramClient(server.endpoints[1])
            let (id4, id6) = (try v4.connect(), try v6.connect())
            _ = try v4.announce(Self.request(1), id4)
            #expect(try v6.announce(Self.request(1), id6).incomplete == 1)
            let seen4 = try v4.announce(Self.request(2), id4)
            #expect(seen4.incomplete == 2 && seen4.peers.map(\.endpoint.description) == ["127.0.0.1:1001"])
            let seen6 = try v6.announce(Self.request(2), id6)
            #expect(seen6.incomplete == 2 && seen6.peers.map(\.endpoint.description) == ["[::1]:1001"])
        }
    }

    @Test func `an answer fits into one packet, however many are wanted`() async throws {
        var configuration = TestTracker.configuration
        configuration.policy.maximumWanted = 10_000
        configuration.listen = [PeerEndpoint("127.0.0.1:0")!, PeerEndpoint("[::1]:0")!]
        try await TestTracker.run(configuration) { server in
            for (endpoint, most) in zip(server.endpoints, [230, 76]) {
                let client = try TestDatagramClient(endpoint)
                let id = try client.connect()
                for number in 0..<300 { _ = try client.announce(Self.request(number, wanted: 0), id) }
                #expect(try client.announce(Self.request(0, wanted: 9_000), id).peers.count == most)
            }
        }
    }

    @Test func `a tracker without UDP leaves its port to others`() async throws {
        var configuration = TestTracker.configuration
        configuration.servesDatagrams = false
        try await TestTracker.run(configuration) { server in
            let client = try TestDatagramClient(server.endpoints[0])
            client.send(DatagramHead.connect(transaction: 1))
            // It comes back as undeliverable, which ends the wait.
            #expect(client.receive() == nil)
            #expect(server.datagramHeartbeats.isEmpty)
        }
    }

    @Test func `a UDP port that somebody has is told`() async throws {
        var first = TestTracker.configuration
        first.threads = 1
        try await TestTracker.run(first) { server in
            var second = first
            second.listen = server.endpoints
            let error = await #expect(throws: TrackerServerError.self) {
                let other = try await TrackerServer.start(second, logger: TestTracker.quiet)
                await other.stop()
            }
            #expect(error?.description.contains("cannot listen on 127.0.0.1:") == true)
        }
    }

    @Test func `every UDP thread answers the watchdog, and does while it works`() async throws {
        try await TestTracker.run { server in
            #expect(server.datagramHeartbeats.count == 2)
            for heartbeat in server.datagramHeartbeats { await heartbeat() }
            let client = try TestDatagramClient(server.endpoints[0])
            for number in 0..<500 { client.send(DatagramHead.connect(transaction: UInt32(number))) }
            for heartbeat in server.datagramHeartbeats { await heartbeat() }
        }
    }
}
