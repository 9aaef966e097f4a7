// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwarmModel
import Testing
import TrackerCore
import TrackerServer
import TrackerWire

@Suite struct BanTests {
    private static func configuration() -> TrackerServerConfiguration {
        var configuration = TestTracker.configuration
        configuration.stateDirectory =
            FileManager.default.temporaryDirectory.path() + "swarm-bans-\(UUID().uuidString)"
        return configuration
    }

    private static func announce(_ endpoint: PeerEndpoint) throws -> String {
        var request = AnnounceRequest(
            infoHash: AnnounceServingTests.hash, peerID: PeerID(bytes: [UInt8](repeating: 5, count: 20))!, port: 5,
            left: 1)
        request.wanted = 10
        return try TestClient.get(endpoint, "/announce?" + request.query).text
    }

    @Test func `who is banned is refused over HTTP and UDP, forgotten, and served again when it is lifted`()
        async throws
    {
        try await TestTracker.run { server in
            let endpoint = server.endpoints[0]
            let isThere1 = try Self.announce(endpoint).contains("failure reason")
            #expect(!isThere1)
            #expect(server.overview.leechers == 1)
            let banned = try server.ban("127.0.0.0/8")
            #expect(banned?.entry == "127.0.0.0/8")
            #expect(banned?.removed == 1)
            #expect(server.overview.leechers == 0)
            #expect(try Self.announce(endpoint).contains("serves nobody at this address"))
            let client = try TestDatagramClient(endpoint)
            let id = try client.connect()
            client.send(DatagramServingTests.request(1).datagram(connectionID: id, transaction: 9))
            let bytes = try #require(client.receive())
            guard case .refused(let why)? = DatagramReply(datagram: bytes.span, isV6: false) else {
                Issue.record("served")
                return
            }
            #expect(why.contains("serves nobody at this address"))
            let unknown = try server.unban("127.0.0.1")
            #expect(unknown == nil)
            let lifted = try server.unban("127.0.0.0/8")
            #expect(lifted == "127.0.0.0/8")
            let isThere2 = try Self.announce(endpoint).contains("failure reason")
            #expect(!isThere2)
        }
    }

    @Test func `bans outlive the tracker`() async throws {
        let configuration = Self.configuration()
        try await TestTracker.run(configuration) { server in
            _ = try server.ban("127.0.0.1")
            _ = try server.ban("2001:db8::/32")
            _ = try server.ban("127.0.0.1")
        }
        try await TestTracker.run(configuration) { server in
            #expect(server.bans == ["127.0.0.1", "2001:db8::/32"])
            #expect(try Self.announce(server.endpoints[0]).contains("serves nobody at this address"))
            _ = try server.unban("127.0.0.1")
        }
        try await TestTracker.run(configuration) { server in
            #expect(server.bans == ["2001:db8::/32"])
            let isThere3 = try Self.announce(server.endpoints[0]).contains("failure reason")
            #expect(!isThere3)
        }
    }

    @Test func `what is no address is not banned`() async throws {
        try await TestTracker.run { server in
            for text in ["", "tracker.example.org", "10.0.0.0/33", "1.2.3", "# 1.2.3.4", "1.2.3.4\n5.6.7.8"] {
                let banned = try server.ban(text)
                #expect(banned?.entry == nil, "\(text)")
            }
            #expect(server.bans == [])
        }
    }

    @Test func `the largest torrents come first, and peers are listed as they are known`() async throws {
        try await TestTracker.run { server in
            let client = try TestDatagramClient(server.endpoints[0])
            let id = try client.connect()
            for number in 1...3 { _ = try client.announce(DatagramServingTests.request(number), id) }
            _ = try Self.announce(server.endpoints[0])
            let largest = server.largestTorrents(1)
            #expect(largest.count == 1)
            let infoHash = DatagramServingTests.request(1).infoHash
            #expect(largest[0].infoHash == infoHash)
            #expect(largest[0].counts.incomplete >= 3)
            let digits = String(infoHash.description.prefix(6))
            #expect(server.torrents(beginningWith: digits.uppercased(), limit: 5) == [infoHash])
            let (peers, total) = server.peers(of: infoHash, limit: 2)
            #expect(peers.count == 2)
            #expect(total == largest[0].counts.incomplete)
        }
    }
}
