// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmModel
import TestSeeds
import Testing
import TrackerCore
import TrackerServer
import TrackerWire

/// Rubbish over UDP and HTTP, seeded; `SWARM_FUZZ` makes it longer.
@Suite struct HostileTrafficTests {
    private static func number(_ name: String) -> UInt64? { getenv(name).flatMap { UInt64(String(cString: $0)) } }
    private let seed = TestSeed.one("nonsense")
    private let count = Int(Self.number("SWARM_FUZZ") ?? 6_000)

    /// Something that begins as a request and is then bent.
    private static func datagram(_ random: inout SplitMix64, connectionID: UInt64) -> [UInt8] {
        let id = random.next(below: 4) == 0 ? random.next() : connectionID
        let transaction = UInt32(truncatingIfNeeded: random.next())
        var bytes: [UInt8]
        switch random.next(below: 5) {
        case 0: bytes = DatagramHead.connect(transaction: transaction)
        case 1:
            let hashes = (0..<random.next(below: 76)).map { _ in Self.hash(&random) }
            bytes = ScrapeRequest(infoHashes: hashes).datagram(connectionID: id, transaction: transaction)
        case 2: bytes = (0..<random.next(below: 300)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        default:
            var request = DatagramServingTests.request(Int(random.next(below: 50)), port: 7)
            request.infoHash = Self.hash(&random)
            request.left = random.next(below: 3)
            bytes = request.datagram(
                connectionID: id, transaction: transaction,
                urlData: URLData((0..<random.next(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }))
        }
        for _ in 0..<random.next(below: 4) where !bytes.isEmpty {
            bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
        }
        if random.next(below: 3) == 0 { bytes = Array(bytes.prefix(Int(random.next(below: UInt64(bytes.count + 1))))) }
        if random.next(below: 10) == 0 { bytes += [UInt8](repeating: 2, count: Int(random.next(below: 400))) }
        return bytes
    }

    private static func hash(_ random: inout SplitMix64) -> InfoHash {
        InfoHash(Bytes20(high: random.next(below: 30), middle: 0, low: 0))
    }

    @Test func `rubbish over UDP harms nobody, and grows nothing past its limits`() async throws {
        var random = SplitMix64(seed: self.seed)
        var configuration = TestTracker.configuration
        configuration.policy.maximumTorrents = 64 * 16
        configuration.policy.maximumPeers = 64 * 16
        try await TestTracker.run(configuration) { server in
            let honest = try TestDatagramClient(server.endpoints[0], source: IPAddress("127.0.0.9"))
            let id = try honest.connect()
            let hostile = try TestDatagramClient(server.endpoints[0])
            let hostileID = try hostile.connect()
            _ = try honest.announce(DatagramServingTests.request(1), id)
            for step in 0..<self.count {
                hostile.send(Self.datagram(&random, connectionID: hostileID))
                guard step % 64 == 0 else { continue }
                while hostile.receive(within: 0) != nil {}
                let answer = try honest.announce(DatagramServingTests.request(1), id)
                #expect(answer.incomplete == 1 && answer.peers.isEmpty)
            }
            let figures = server.figures
            #expect(figures.torrents <= 64 * 16 && figures.peers <= 64 * 16)
        }
    }

    @Test func `rubbish over HTTP harms nobody`() async throws {
        var random = SplitMix64(seed: self.seed)
        try await TestTracker.run { server in
            let honest = try TestClient(server.endpoints[0])
            for step in 0..<self.count / 20 {
                let hostile = try TestClient(server.endpoints[0])
                for _ in 0..<random.next(below: 4) { try? hostile.send(Self.request(&random)) }
                guard step % 8 == 0 else { continue }
                let answer = try AnnounceServingTests.accepted(try honest.get(AnnounceServingTests.target(1)))
                #expect(answer.incomplete == 1)
            }
        }
    }

    private static func request(_ random: inout SplitMix64) -> [UInt8] {
        let heads = [
            "GET \(AnnounceServingTests.target(2, port: 9) { $0.infoHash = Self.hash(&random) }) HTTP/1.1\r\nHost: t\r\n\r\n",
            "GET /scrape?info_hash=%00%ff HTTP/1.1\r\nConnection: close\r\n\r\n",
            "GET /metrics HTTP/1.0\r\n\r\n",
            "HEAD /health HTTP/1.1\r\nX: \(String(repeating: "y", count: 300))\r\n\r\n",
            "POST /v1/catalogue HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789",
            "GET /v1/catalogue?q=a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        ]
        var bytes = Array(heads[Int(random.next(below: UInt64(heads.count)))].utf8)
        for _ in 0..<random.next(below: 5) {
            bytes[Int(random.next(below: UInt64(bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
        }
        if random.next(below: 3) == 0 { bytes = Array(bytes.prefix(Int(random.next(below: UInt64(bytes.count + 1))))) }
        return bytes
    }
}
