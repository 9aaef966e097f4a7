// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOPosix
import SwarmModel
import Synchronization
import TestWorld
import Testing
import TrackerCore
import TrackerWire

@testable import Discovery
@testable import TrackerServer

/// The client of trackers against two real ones on loopback that share their torrents.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ClusterClientTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let infoHash = InfoHash(repeating: 0x44)

    /// Servers that a test stopped itself: each is stopped once, and nobody else gets its port.
    private final class Gone {
        private var servers: [(server: TrackerServer, port: DeafPort)] = []

        func append(_ server: TrackerServer, _ port: DeafPort) { self.servers.append((server, port)) }
        func contains(_ server: TrackerServer) -> Bool { self.servers.contains { $0.server === server } }
    }

    private final class Told: Sendable {
        private let clusters = Mutex<[String: [String]]>([:])

        func set(_ value: [String: [String]]) { self.clusters.withLock { $0 = value } }
        var value: [String: [String]] { self.clusters.withLock { $0 } }
    }

    /// Two trackers that agree on who owns the torrent, and a client.
    private struct Pair {
        let gone = Gone()
        let owner: TrackerServer
        let other: TrackerServer
        let fetcher: HTTPFetcher
        let client: TrackerClient
        /// What the client last said of which trackers belong together.
        let told: Told

        static func url(_ server: TrackerServer, _ scheme: String = "http") -> String {
            "\(scheme)://\(server.endpoints[0])/announce"
        }

        func announce(_ url: String, event: AnnounceEvent = .none) async throws -> AnnounceResponse {
            var request = AnnounceRequest(
                infoHash: ClusterClientTests.infoHash, peerID: PeerID(bytes: [UInt8](repeating: 7, count: 20))!,
                port: 1,
                left: 1, event: event)
            request.key = 9
            request.offersReports = event != .stopped
            return try await self.client.announce(request, to: url, timeout: .seconds(60))
        }

        func stopOwner() async throws {
            let port = self.owner.endpoints[0].port
            await self.owner.stop()
            self.gone.append(self.owner, try await Self.deaf(port))
        }

        /// Takes a port when its server has let go of it.
        private static func deaf(_ number: UInt16) async throws -> DeafPort {
            for _ in 0..<1_000 {
                if let port = try? DeafPort(number) { return port }
                await Task.yield()
            }
            return try DeafPort(number)
        }

        func count(_ server: TrackerServer) -> Int {
            server.shards.counts(of: ClusterClientTests.infoHash)?.incomplete ?? 0
        }
    }

    private static func run(_ body: (Pair) async throws -> Void) async throws {
        var configuration = TrackerServerConfiguration()
        configuration.listen = [PeerEndpoint("127.0.0.1:0")!]
        let servers = [
            try await TrackerServer.start(configuration, logger: Self.quiet),
            try await TrackerServer.start(configuration, logger: Self.quiet),
        ]
        let nodes = servers.enumerated().map { ClusterNode(name: "n\($0)", authority: "\($1.endpoints[0])") }
        let maps = [ClusterMap(own: nodes[0], others: [nodes[1]]), ClusterMap(own: nodes[1], others: [nodes[0]])]
        for (server, map) in zip(servers, maps) { server.shards.change(map: map) }
        let owner = maps[0].owner(of: Self.infoHash)
        let fetcher = HTTPFetcher(group: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet)
        let told = Told()
        let client = TrackerClient(
            fetcher: fetcher, sources: [AnnounceSource(address: IPAddress("127.0.0.1"), port: 7001)]
        ) { told.set($0) }
        let pair = Pair(
            owner: servers[owner], other: servers[1 - owner], fetcher: fetcher, client: client, told: told)
        do {
            try await body(pair)
        } catch {
            Issue.record(error)
        }
        await fetcher.shutdown()
        for server in servers where !pair.gone.contains(server) { await server.stop() }
    }

    @Test func `an announce goes to the owner and from then on at once`() async throws {
        try await Self.run { pair in
            let answer = try await pair.announce(Pair.url(pair.other))
            #expect(answer.owner == nil)
            #expect(answer.reportPeriod != nil)
            #expect(pair.count(pair.owner) == 1)
            #expect(pair.count(pair.other) == 0)
            let before = pair.other.figures.announces
            _ = try await pair.announce(Pair.url(pair.other))
            #expect(pair.other.figures.announces == before)
        }
    }

    @Test func `an owner that is gone is passed over, and the tracker that is there takes the announce`() async throws {
        try await Self.run { pair in
            _ = try await pair.announce(Pair.url(pair.other))
            try await pair.stopOwner()
            let answer = try await pair.announce(Pair.url(pair.other))
            #expect(answer.reportPeriod != nil)
            #expect(pair.count(pair.other) == 1)
        }
    }

    @Test func `who was told of the owner alone finds the other when it is gone`() async throws {
        try await Self.run { pair in
            _ = try await pair.announce(Pair.url(pair.owner))
            try await pair.stopOwner()
            let names = pair.other.shards
            names.change(map: ClusterMap(own: ClusterNode(name: "alone", authority: "\(pair.other.endpoints[0])")))
            let answer = try await pair.announce(Pair.url(pair.owner))
            #expect(answer.reportPeriod != nil)
            #expect(pair.count(pair.other) == 1)
        }
    }

    @Test func `over UDP, too, who was told of the owner alone finds the other, also after a restart`() async throws {
        try await Self.run { pair in
            let url = Pair.url(pair.owner, "udp")
            _ = try await pair.announce(url)
            let clusters = pair.told.value
            #expect(clusters == [url: ["\(pair.other.endpoints[0])"]])
            try await pair.stopOwner()
            let alone = ClusterMap(own: ClusterNode(name: "alone", authority: "\(pair.other.endpoints[0])"))
            pair.other.shards.change(map: alone)
            _ = try await pair.announce(url)
            #expect(pair.count(pair.other) == 1)
            _ = try await pair.announce(url, event: .stopped)
            #expect(pair.count(pair.other) == 0)
            let second = Pair(
                owner: pair.owner, other: pair.other, fetcher: pair.fetcher,
                client: TrackerClient(
                    fetcher: pair.fetcher, sources: [AnnounceSource(address: IPAddress("127.0.0.1"), port: 7001)],
                    clusters: clusters), told: pair.told)
            _ = try await second.announce(url)
            #expect(pair.count(pair.other) == 1)
        }
    }

    @Test func `a question about pieces goes to the owner over UDP and HTTP`() async throws {
        try await Self.run { pair in
            for scheme in ["udp", "http"] {
                let url = Pair.url(pair.other, scheme)
                _ = try await pair.announce(Pair.url(pair.owner, scheme))
                let source = AnnounceSource(address: IPAddress("127.0.0.1"), port: 7001)
                let peer = MappedPeer(
                    infoHash: Self.infoHash, peerID: PeerID(bytes: [UInt8](repeating: 7, count: 20))!, key: 9,
                    port: 7001)
                let question = PieceQuestion(peer: peer, subject: .rarest(count: 3))
                let answer = try await pair.client.ask(
                    pieces: { question.datagram(connectionID: $0, transaction: $1) }, about: Self.infoHash, of: url,
                    from: source, timeout: .seconds(60))
                guard case .rarest = answer else {
                    Issue.record("\(answer)")
                    continue
                }
            }
        }
    }

    @Test func `a tracker that sends us to one that is gone is known to keep a map`() async throws {
        try await Self.run { pair in
            let url = Pair.url(pair.other, "udp")
            _ = try await pair.announce(url)
            try await pair.stopOwner()
            let peer = MappedPeer(
                infoHash: Self.infoHash, peerID: PeerID(bytes: [UInt8](repeating: 7, count: 20))!, key: 9, port: 7001)
            let question = PieceQuestion(peer: peer, subject: .rarest(count: 3))
            let source = AnnounceSource(address: IPAddress("127.0.0.1"), port: 7001)
            let ask = {
                try await pair.client.ask(
                    pieces: { question.datagram(connectionID: $0, transaction: $1) }, about: Self.infoHash, of: url,
                    from: source, timeout: .seconds(60))
            }
            // The first question may find out that the owner is gone; the next ones are sent there by the other.
            _ = try? await ask()
            let answer = try await ask()
            guard case .moved(let trackers) = answer else {
                Issue.record("\(answer)")
                return
            }
            #expect(trackers.first == "\(pair.owner.endpoints[0])")
        }
    }

    @Test func `who leaves over UDP is forgotten by both`() async throws {
        try await Self.run { pair in
            let url = Pair.url(pair.other, "udp")
            _ = try await pair.announce(url)
            #expect(pair.count(pair.other) == 1)
            let peer = MappedPeer(
                infoHash: Self.infoHash, peerID: PeerID(bytes: [UInt8](repeating: 7, count: 20))!, key: 9, port: 7001)
            let question = PieceQuestion(peer: peer, subject: .rarest(count: 3))
            _ = try? await pair.client.ask(
                pieces: { question.datagram(connectionID: $0, transaction: $1) }, about: Self.infoHash, of: url,
                from: AnnounceSource(address: IPAddress("127.0.0.1"), port: 7001), timeout: .seconds(60))
            _ = try await pair.announce(url)
            #expect(pair.count(pair.owner) == 1)
            _ = try await pair.announce(url, event: .stopped)
            #expect(pair.count(pair.owner) == 0)
            #expect(pair.count(pair.other) == 0)
        }
    }
}
