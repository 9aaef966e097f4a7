// SPDX-License-Identifier: Apache-2.0

import RedisClient
import SwarmModel
import TestWorld
import Testing
import TrackerCore
import TrackerWire

@testable import TrackerServer

/// What clients see of a tracker that is one of several. What goes by way of Redis is carried by hand.
@Suite struct ClusterServingTests {
    private static let nodes = [
        ClusterNode(name: "a", authority: "a.example:6969"), ClusterNode(name: "b", authority: "b.example:6969"),
    ]
    private static let map = ClusterMap(own: Self.nodes[0], others: [Self.nodes[1]])

    private static func hash(own: Bool) -> InfoHash {
        (0...255).lazy.map { InfoHash(bytes: [UInt8](repeating: $0, count: 20))! }
            .first { Self.map.isOwner(of: $0) == own }!
    }

    private static func request(_ hash: InfoHash, _ number: Int, reports: Bool = false) -> AnnounceRequest {
        var request = AnnounceRequest(
            infoHash: hash, peerID: PeerID(bytes: [UInt8](repeating: UInt8(number), count: 20))!,
            port: UInt16(1000 + number), left: 1)
        request.offersReports = reports
        return request
    }

    private static func announce(_ client: TestClient, _ request: AnnounceRequest) throws -> AnnounceResponse {
        let response = try client.get("/announce?" + request.query)
        guard case .accepted(let answer) = try AnnounceReply(decoding: response.body) else {
            throw TestClient.Failure(description: "refused: \(response.text)")
        }
        return answer
    }

    @Test func `without a cluster nothing is said of one`() async throws {
        try await TestTracker.run { server in
            let client = try TestClient(server.endpoints[0])
            #expect(try client.get("/health").text == "ok\n")
            let isThere1 = try client.get("/metrics").text.contains("cluster")
            #expect(!isThere1)
            let answer = try Self.announce(client, Self.request(Self.hash(own: false), 1, reports: true))
            #expect(answer.owner == nil)
            #expect(answer.successors == [])
            #expect(server.clusterStatus == nil)
        }
    }

    @Test func `a peer that reports is sent to the owner and not remembered`() async throws {
        try await TestTracker.run { server in
            server.shards.change(map: Self.map)
            let client = try TestClient(server.endpoints[0])
            let foreign = Self.hash(own: false)
            let sent = try Self.announce(client, Self.request(foreign, 1, reports: true))
            #expect(sent.owner == "b.example:6969")
            #expect(sent.successors == ["a.example:6969"])
            #expect(sent.reportPeriod != nil)
            #expect(server.shards.counts(of: foreign) == nil)
            let own = try Self.announce(client, Self.request(Self.hash(own: true), 1, reports: true))
            #expect(own.owner == nil)
            #expect(own.successors == ["b.example:6969"])
            #expect(own.incomplete == 1)
        }
    }

    @Test func `any other client is served, and comes back soon where the owner has not been asked`() async throws {
        try await TestTracker.run { server in
            server.shards.change(map: Self.map)
            let client = try TestClient(server.endpoints[0])
            let foreign = Self.hash(own: false)
            let answer = try Self.announce(client, Self.request(foreign, 1))
            #expect(answer.owner == nil)
            #expect(answer.interval <= .seconds(30))
            #expect(answer.incomplete == 1)
        }
    }

    @Test func `clients at two trackers are told of each other`() async throws {
        try await TestTracker.run { first in
            try await TestTracker.run { second in
                first.shards.change(map: Self.map)
                second.shards.change(map: ClusterMap(own: Self.nodes[1], others: [Self.nodes[0]]))
                let foreign = Self.hash(own: false)
                _ = try Self.announce(try TestClient(second.endpoints[0]), Self.request(foreign, 2))
                let client = try TestClient(first.endpoints[0])
                _ = try Self.announce(client, Self.request(foreign, 1))
                var selection = PeerSelection()
                for (node, item) in first.shards.collect(at: .now).items {
                    #expect(node == 1)
                    // Over the wire and back.
                    let parcel = try #require(ClusterParcel(ClusterParcel(sender: "a", items: [item]).encoded))
                    switch parcel.items[0] {
                    case .announced(let announcement):
                        second.shards.takeForwarded(announcement, at: .now, &selection)
                    case .asked(let infoHash):
                        guard case .known(_, let counts, let peers) = second.shards.known(of: infoHash, at: .now)
                        else { continue }
                        _ = first.shards.learn(peers, counts, of: infoHash, at: .now)
                    case .known: Issue.record("nothing was to be handed over")
                    }
                }
                let there = try Self.announce(try TestClient(second.endpoints[0]), Self.request(foreign, 2))
                #expect(there.peers.map(\.endpoint.port) == [1001])
                let here = try Self.announce(client, Self.request(foreign, 1))
                #expect(here.peers.map(\.endpoint.port) == [1002])
                #expect(here.incomplete == 2)
            }
        }
    }

    @Test func `reports and questions are sent on over UDP and HTTP`() async throws {
        try await TestTracker.run { server in
            server.shards.change(map: Self.map)
            let hash = Self.hash(own: false)
            let peer = MappedPeer(
                infoHash: hash, peerID: Self.request(hash, 1).peerID, key: 0, port: 1001)
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            let question = PieceQuestion(peer: peer, subject: .rarest(count: 5))
            let answer = try PieceServingTests.ask(client) { question.datagram(connectionID: id, transaction: $0) }
            #expect(answer == .moved(["b.example:6969", "a.example:6969"]))
            let web = try TestClient(server.endpoints[0])
            let posted = try PieceServingTests.post(web, question.datagram(connectionID: 0, transaction: 1))
            #expect(posted.answer == .moved(["b.example:6969", "a.example:6969"]))
            let page = try web.get("/v1/torrents/\(hash)/availability")
            #expect(page.status == 421)
            #expect(page.text.contains("http://b.example:6969/v1/torrents/\(hash)/availability"))
        }
    }

    @Test func `a new owner serves what it was handed`() async throws {
        try await TestTracker.run { first in
            try await TestTracker.run { second in
                first.shards.change(map: ClusterMap(own: Self.nodes[0]))
                let client = try TestClient(first.endpoints[0])
                for number in 0..<40 {
                    let hash = InfoHash(bytes: [UInt8](repeating: UInt8(number), count: 20))!
                    _ = try Self.announce(client, Self.request(hash, number + 1))
                }
                first.shards.change(map: Self.map)
                second.shards.change(map: ClusterMap(own: Self.nodes[1], others: [Self.nodes[0]]))
                var told = 0
                for shard in 0..<SwarmShards.count {
                    let part = first.shards.handOver(shard: shard, by: Self.map, from: 0, budget: 100, at: .now)
                    #expect(part.next == nil)
                    for case .known(let hash, let counts, let peers) in part.items.map({ $0.item }) {
                        told += second.shards.learn(peers, counts, of: hash, at: .now)
                    }
                }
                let foreign = (0..<40).map { InfoHash(bytes: [UInt8](repeating: UInt8($0), count: 20))! }
                    .filter { !Self.map.isOwner(of: $0) }
                #expect(told == foreign.count)
                for hash in foreign {
                    let answer = try Self.announce(try TestClient(second.endpoints[0]), Self.request(hash, 99))
                    #expect(answer.peers.count == 1)
                }
            }
        }
    }

    @Test func `a tracker whose Redis is not there serves and says so`() async throws {
        let port = try DeafPort()
        var configuration = TestTracker.configuration
        configuration.cluster = ClusterConfiguration(
            redis: .tcp(host: "127.0.0.1", port: port.number), node: Self.nodes[0])
        try await TestTracker.run(configuration) { server in
            let client = try TestClient(server.endpoints[0])
            while server.clusterStatus?.reason == nil { await Task.yield() }
            #expect(try Self.announce(client, Self.request(Self.hash(own: false), 1)).incomplete == 1)
            let health = try client.get("/health").text
            #expect(health.hasPrefix("ok\ncluster: Redis does not answer, going on with 1 node (a): "))
            #expect(try client.get("/metrics").text.contains("\nswarm_tracker_cluster_connected 0\n"))
        }
    }
}
