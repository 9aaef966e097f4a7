// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOPosix
import SwarmModel
import Testing
import TrackerServer
import TrackerWire

/// The client of piece maps against a real tracker on loopback.
@Suite(.serialized, .timeLimit(.minutes(15))) struct PieceMapClientTests {
    private static let infoHash = InfoHash(repeating: 0x33)
    private static let pieceCount = 20
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// What a torrent was told, in order.
    private enum Advice: Sendable, Equatable {
        case counts(Int, [UInt32])
        case holders([UInt16])
        case unsent(Int)
        case forgotten
    }

    /// A torrent that writes down what it is told.
    private final class Torrent: MappedTorrent {
        let need: MappedNeed
        let pieceCount = PieceMapClientTests.pieceCount
        private let pieces: LockedBox<Bitfield>
        private let lonely: [PieceIndex]
        private let channel: AsyncStream<Advice>.Continuation

        init(
            need: MappedNeed, pieces: LockedBox<Bitfield>, lonely: [PieceIndex],
            channel: AsyncStream<Advice>.Continuation
        ) {
            self.need = need
            self.pieces = pieces
            self.lonely = lonely
            self.channel = channel
        }

        func have() async -> Bitfield? { self.pieces.withLock { $0 } }
        func lonelyPieces() async -> [PieceIndex] { self.lonely }
        func take(_ first: PieceIndex, counts: [UInt32]) { self.channel.yield(.counts(first.offset, counts)) }
        func take(holders: [PeerEndpoint]) { self.channel.yield(.holders(holders.map(\.port).sorted())) }
        func take(unsent pieces: [PieceIndex]) { self.channel.yield(.unsent(pieces.count)) }
        func wasForgotten() async { self.channel.yield(.forgotten) }
    }

    /// One peer: its names, its pieces, and what it is told.
    private final class Peer: Sendable {
        let maps: PieceMapClient
        let client: TrackerClient
        let fetcher: HTTPFetcher
        let names: Announcer.Configuration
        let have: LockedBox<Bitfield>
        let advice: AsyncStream<Advice>
        private let channel: AsyncStream<Advice>.Continuation

        init(_ number: UInt8, port: UInt16, having pieces: [Int]) {
            let logger = PieceMapClientTests.quiet
            self.fetcher = HTTPFetcher(group: MultiThreadedEventLoopGroup.singleton, logger: logger)
            self.client = TrackerClient(
                fetcher: self.fetcher, sources: [AnnounceSource(address: IPAddress("127.0.0.1"), port: port)])
            self.names = Announcer.Configuration(
                peerID: PeerID(bytes: [UInt8](repeating: number, count: 20))!, key: UInt32(number))
            self.maps = PieceMapClient(
                client: self.client, configuration: self.names, seed: UInt64(number), logger: logger)
            var have = Bitfield(count: PieceMapClientTests.pieceCount)
            for piece in pieces { have.insert(PieceIndex(piece)) }
            self.have = LockedBox(have)
            (self.advice, self.channel) = AsyncStream.makeStream()
        }

        func begin(_ need: MappedNeed, lonely: [Int] = []) async {
            await self.maps.add(
                PieceMapClientTests.infoHash,
                Torrent(
                    need: need, pieces: self.have, lonely: lonely.map { PieceIndex($0) }, channel: self.channel))
        }

        func announce(to url: String, left: UInt64 = 1) async throws {
            var request = AnnounceRequest(
                infoHash: PieceMapClientTests.infoHash, peerID: self.names.peerID, port: 1, left: left)
            request.key = self.names.key
            request.offersReports = true
            let response = try await self.client.announce(request, to: url, timeout: .seconds(120))
            await self.maps.announced(PieceMapClientTests.infoHash, to: url, response)
        }

        /// The next advice that is as `matches` says.
        func next(where matches: (Advice) -> Bool) async -> Advice? {
            for await advice in self.advice where matches(advice) { return advice }
            return nil
        }

        func end() async {
            await self.maps.shutdown()
            self.channel.finish()
            await self.fetcher.shutdown()
        }
    }

    private static func start(at endpoint: PeerEndpoint = PeerEndpoint("127.0.0.1:0")!) async throws -> TrackerServer {
        var configuration = TrackerServerConfiguration()
        configuration.listen = [endpoint]
        return try await TrackerServer.start(configuration, logger: Self.quiet)
    }

    @Test(arguments: ["http", "udp"])
    func `what arrives is reported, and what others have is told`(_ scheme: String) async throws {
        let server = try await Self.start()
        let url = "\(scheme)://\(server.endpoints[0])/announce"
        let (one, other) = (Peer(1, port: 7001, having: [0, 1]), Peer(2, port: 7002, having: [1, 2]))
        let seed = Peer(3, port: 7003, having: [])
        await one.begin(.download, lonely: [2, 19])
        await other.begin(.download)
        await seed.begin(.source)
        try await one.announce(to: url)
        try await other.announce(to: url)
        try await seed.announce(to: url, left: 0)
        // The seed has everything and counts as one more of each.
        let counts: [UInt32] = [2, 3, 2] + Array(repeating: 1, count: 17)
        #expect(await one.next { $0 == .counts(0, counts) } != nil)
        #expect(await other.next { $0 == .counts(0, counts) } != nil)
        #expect(await one.maps.standing(of: Self.infoHash)?.isKnown == true)
        let unsent = await seed.next { if case .unsent = $0 { true } else { false } }
        #expect(unsent == .unsent(17) || unsent == .unsent(18) || unsent == .unsent(20))
        for peer in [one, other, seed] { await peer.end() }
        await server.stop()
    }

    @Test func `who has a lonely piece is asked for`() async throws {
        let server = try await Self.start()
        let url = "http://\(server.endpoints[0])/announce"
        let (one, other) = (Peer(1, port: 7001, having: []), Peer(2, port: 7002, having: [5]))
        await other.begin(.download)
        try await other.announce(to: url)
        #expect(await other.next { if case .counts = $0 { true } else { false } } != nil)
        await one.begin(.download, lonely: [5])
        try await one.announce(to: url)
        #expect(await one.next { $0 == .holders([7002]) } != nil)
        await one.end()
        await other.end()
        await server.stop()
    }

    @Test(arguments: ["http", "udp"])
    func `a tracker that was restarted is told everything again`(_ scheme: String) async throws {
        let peer = Peer(1, port: 7001, having: [3])
        let counts: [UInt32] = [0, 0, 0, 1] + Array(repeating: 0, count: 16)
        await peer.begin(.download)
        let endpoint = try await Self.serve { endpoint in
            try await peer.announce(to: "\(scheme)://\(endpoint)/announce")
            #expect(await peer.next { $0 == .counts(0, counts) } != nil)
        }
        try await Self.serve(at: endpoint) { endpoint in
            #expect(await peer.next { $0 == .forgotten } != nil)
            try await peer.announce(to: "\(scheme)://\(endpoint)/announce")
            #expect(await peer.next { $0 == .counts(0, counts) } != nil)
        }
        await peer.end()
    }

    /// Runs a tracker while `body` does. One that follows another takes its port when that has let go of it.
    @discardableResult
    private static func serve(
        at endpoint: PeerEndpoint = PeerEndpoint("127.0.0.1:0")!, _ body: (PeerEndpoint) async throws -> Void
    ) async throws -> PeerEndpoint {
        var server: TrackerServer?
        for _ in 0..<1_000 where server == nil {
            server = try? await Self.start(at: endpoint)
            if server == nil { await Task.yield() }
        }
        let running = try #require(server)
        server = nil
        try await body(running.endpoints[0])
        await running.stop()
        return running.endpoints[0]
    }

    @Test func `a tracker without a piece map is left in peace`() async throws {
        let peer = Peer(1, port: 7001, having: [3])
        await peer.begin(.download)
        await peer.maps.announced(
            Self.infoHash, to: "http://127.0.0.1:9/announce", AnnounceResponse(interval: .seconds(60)))
        #expect(await peer.maps.standing(of: Self.infoHash) == nil)
        await peer.end()
    }
}
