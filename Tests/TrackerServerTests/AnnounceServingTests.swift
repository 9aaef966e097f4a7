// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerServer
import TrackerWire

@Suite struct AnnounceServingTests {
    static let hash = InfoHash(bytes: (0..<20).map { UInt8($0 * 12) })!

    static func target(
        _ number: Int, left: UInt64 = 1, event: AnnounceEvent = .none, port: UInt16? = nil,
        _ change: (inout AnnounceRequest) -> Void = { _ in }
    ) -> String {
        let id = PeerID(bytes: Array("-SM0100-".utf8) + (0..<12).map { UInt8(65 + (number >> $0) % 2) })!
        var request = AnnounceRequest(
            infoHash: Self.hash, peerID: id, port: port ?? UInt16(1000 + number), left: left, event: event)
        change(&request)
        return request.url(base: "/announce")
    }

    static func accepted(_ response: TestClient.Response) throws -> AnnounceResponse {
        #expect(response.status == 200)
        guard case .accepted(let answer) = try AnnounceReply(decoding: response.body) else {
            throw TestClient.Failure(description: "refused: \(response.text)")
        }
        return answer
    }

    static func refused(_ response: TestClient.Response) throws -> String {
        #expect(response.status == 200)
        guard case .refused(let refusal) = try AnnounceReply(decoding: response.body) else {
            throw TestClient.Failure(description: "not refused: \(response.text)")
        }
        return refusal.reason
    }

    @Test func `peers find each other over one kept connection`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for number in 0..<5 {
                let answer = try Self.accepted(try client.get(Self.target(number, event: .started)))
                #expect(answer.peers.map(\.endpoint.port).sorted() == (0..<number).map { UInt16(1000 + $0) })
                #expect(answer.incomplete == UInt64(number + 1) && answer.complete == 0)
                #expect(answer.externalAddress == IPAddress("127.0.0.1"))
                #expect(answer.minimumInterval != nil && answer.interval > .zero)
            }
        }
    }

    @Test func `pipelined announces are answered in order`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let requests = (0..<50).map { "GET \(Self.target($0)) HTTP/1.1\r\nHost: t\r\n\r\n" }
            try client.send(requests.joined())
            for number in 0..<50 {
                #expect(try Self.accepted(try client.response()).incomplete == UInt64(number + 1))
            }
        }
    }

    @Test func `a request may come byte by byte`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            for byte in "GET \(Self.target(1)) HTTP/1.1\r\nHost: t\r\n\r\n".utf8 { try client.send([byte]) }
            #expect(try Self.accepted(try client.response()).incomplete == 1)
        }
    }

    @Test func `the dictionary form is there for who asks`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            _ = try client.get(Self.target(1))
            let response = try client.get(Self.target(2) { $0.isCompact = false })
            #expect(response.text.contains("5:peersld2:ip9:127.0.0.14:porti1001eee"))
            #expect(try Self.accepted(response).peers == [TrackerPeer(PeerEndpoint("127.0.0.1:1001")!)])
        }
    }

    @Test func `a dual-stack peer is seen by both families`() async throws {
        var configuration = TestTracker.configuration
        configuration.listen.append(PeerEndpoint("[::1]:0")!)
        try await TestTracker.run(configuration) { server in
            let v4 = try TestClient(server.endpoints[0])
            let v6 = try TestClient(server.endpoints[1])
            _ = try v4.get(Self.target(1) { $0.key = 5 })
            let both = try Self.accepted(try v6.get(Self.target(1) { $0.key = 5 }))
            #expect(both.incomplete == 1 && both.peers.isEmpty)
            for client in [v4, v6] {
                let peers = try Self.accepted(try client.get(Self.target(2) { $0.key = 6 })).peers.map(\.endpoint)
                let expected = Set([PeerEndpoint("127.0.0.1:1001")!, PeerEndpoint("[::1]:1001")!])
                #expect(Set(peers).isSuperset(of: expected))
                #expect(!peers.contains { $0.port == 1002 })
            }
        }
    }

    @Test func `what is wrong with an announce is a failure reason`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try Self.refused(try client.get("/announce")) == "info_hash is missing")
            #expect(try Self.refused(try client.get("/announce?info_hash=x")).contains("it has 1"))
            #expect(try Self.refused(try client.get(Self.target(1, port: 0))).hasPrefix("port 0 cannot be reached"))
            #expect(try Self.refused(try client.get("/scrape")).contains("does not list"))
            #expect(try client.get("/metrics").text.contains("swarm_tracker_errors_total 4\n"))
        }
    }

    @Test func `a scrape tells of several torrents`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            let other = InfoHash(bytes: [UInt8](repeating: 200, count: 20))!
            let unknown = InfoHash(bytes: [UInt8](repeating: 9, count: 20))!
            _ = try client.get(Self.target(1))
            _ = try client.get(Self.target(1, left: 0, event: .completed))
            _ = try client.get(Self.target(2) { $0.infoHash = other })
            let request = ScrapeRequest(infoHashes: [Self.hash, other, unknown, other])
            let url = try #require(request.url(announce: "/announce"))
            guard case .accepted(let answer) = try ScrapeReply(decoding: try client.get(url).body) else {
                return #expect(Bool(false))
            }
            #expect(answer.entries.count == 2)
            #expect(answer[Self.hash].map { [$0.complete, $0.incomplete, $0.downloaded] } == [1, 0, 1])
            #expect(answer[other].map { [$0.complete, $0.incomplete, $0.downloaded] } == [0, 1, 0])
        }
    }

    @Test func `a full scrape must be allowed`() async throws {
        var configuration = TestTracker.configuration
        configuration.allowsFullScrape = true
        try await TestTracker.run(configuration) { server in
            let client = try TestClient(server.endpoints[0])
            _ = try client.get(Self.target(1))
            guard case .accepted(let answer) = try ScrapeReply(decoding: try client.get("/scrape").body) else {
                return #expect(Bool(false))
            }
            #expect(answer.entries.map(\.infoHash) == [Self.hash])
        }
    }

    @Test func `metrics and health tell how it goes`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            _ = try client.get(Self.target(1))
            _ = try client.get(Self.target(2, left: 0))
            #expect(try client.get("/health").text == "ok\n")
            let page = try client.get("/metrics").text
            for line in ["torrents 1", "peers 2", "seeds 1", "announces_total 2", "connections 1"] {
                #expect(page.contains("\nswarm_tracker_\(line)\n"), "\(line)")
            }
            _ = try client.get(Self.target(1, event: .stopped))
            _ = try client.get(Self.target(2, left: 0, event: .stopped))
            #expect(try client.get("/metrics").text.contains("\nswarm_tracker_peers 0\n"))
        }
    }
}
