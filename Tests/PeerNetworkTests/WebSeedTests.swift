// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import PieceStore
import SwarmModel
import Testing

@testable import PeerNetwork

/// Torrents that web servers have (BEP 19).
@Suite(.timeLimit(.minutes(15)))
struct WebSeedTests {
    /// A torrent, a web server that has its files, and what fetches from it.
    private final class Web: Sendable {
        let swarm: LoopbackSwarm
        let server: RangeServer
        let ranges: RangeFetcher
        let files: WebSeedFiles
        private let fetcher: HTTPFetcher

        init(
            _ swarm: LoopbackSwarm, isSingleFile: Bool = false,
            _ decide: @escaping @Sendable (RangeServer.Request) -> RangeServer.Reply = { _ in .range() }
        ) async throws {
            self.swarm = swarm
            var contents: [String: [UInt8]] = [:]
            for file in swarm.layout.files {
                contents["/" + file.relativePath] = Array(swarm.content[Int(file.offset)..<Int(file.end)])
            }
            self.server = try await RangeServer(contents, decide)
            self.files = WebSeedFiles(
                files: swarm.layout.files.map { .init(path: $0.relativePath, offset: $0.offset, length: $0.length) },
                isSingleFile: isSingleFile)
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            self.fetcher = HTTPFetcher(group: swarm.group, logger: quiet)
            self.ranges = RangeFetcher(
                group: swarm.group, sharing: self.fetcher, policy: WebAddressPolicy(allowsLoopback: true),
                logger: quiet)
        }

        /// Has nothing, and the web seed.
        func leecher(
            _ urls: [String]? = nil, configure: @escaping (inout PeerNetworkConfiguration) -> Void = { _ in }
        ) async throws -> LoopbackSwarm.Peer {
            let webSeeds = (urls: urls ?? [self.server.url()], files: self.files)
            return try await self.swarm.start("leecher", has: false, webSeeds: webSeeds) {
                $0.webSeeds = self.ranges
                configure(&$0)
            }
        }

        func stop(_ peers: LoopbackSwarm.Peer...) async throws {
            for peer in peers { try await self.swarm.stop(peer, keepingGroup: true) }
            await self.ranges.shutdown()
            await self.fetcher.shutdown()
            try await self.server.close()
            try await self.swarm.stop()
        }
    }

    private static func swarm(_ lengths: [Int] = [1_000_000, 17, 2_000_000]) throws -> LoopbackSwarm {
        try LoopbackSwarm(length: lengths.reduce(0, +), pieceLength: 65_536, fileLengths: lengths)
    }

    @Test func `a torrent of several files comes from a web server alone, in few requests`() async throws {
        let web = try await Web(try Self.swarm())
        let leecher = try await web.leecher()
        await leecher.observer.wait { $0.isCompleted }
        #expect(try web.swarm.payload(of: leecher) == web.swarm.content)
        // 46 pieces; the first run begins at a piece of chance, and each file of a run is a request of its own.
        #expect(web.server.requests.count <= 16)
        #expect(web.server.sentBytes == web.swarm.content.count)
        #expect(leecher.handle.status.downloaded == UInt64(web.swarm.content.count))
        let seed = try #require(leecher.handle.status.webSeeds.first)
        #expect(seed.url == web.server.url() && seed.downloaded == UInt64(web.swarm.content.count))
        #expect(web.server.connections <= 2)
        try await web.stop(leecher)
    }

    @Test func `the URL of a single file is the file's own`() async throws {
        let web = try await Web(try Self.swarm([300_000]), isSingleFile: true)
        let leecher = try await web.leecher([web.server.url("/payload/file-0")])
        await leecher.observer.wait { $0.isCompleted }
        #expect(try web.swarm.payload(of: leecher) == web.swarm.content)
        try await web.stop(leecher)
    }

    @Test func `a server that sends other data is left out with its reason, and peers go on`() async throws {
        let web = try await Web(try Self.swarm()) { _ in .range { $0.map { ~$0 } } }
        let leecher = try await web.leecher()
        let state = await leecher.observer.wait { !$0.droppedWebSeeds.isEmpty }
        #expect(state.droppedWebSeeds.count == 1)
        #expect(state.droppedWebSeeds[0].hasPrefix("it sent data that does not match the hash of piece "))
        #expect(leecher.handle.status.havePieces == 0 && state.bans.isEmpty)
        let seed = try await web.swarm.start("seed", has: true)
        leecher.handle.add(candidates: [seed.endpoint])
        await leecher.observer.wait { $0.isCompleted }
        #expect(try web.swarm.payload(of: leecher) == web.swarm.content)
        #expect(leecher.handle.status.webSeeds.map(\.phase) == [.dropped])
        try await web.stop(leecher, seed)
    }

    @Test func `a server that dies midway keeps nothing from a peer`() async throws {
        let web = try await Web(try Self.swarm()) { $0.number == 0 ? .half : .silence }
        let leecher = try await web.leecher()
        try await eventually { leecher.handle.status.webSeeds.first?.phase == .waiting }
        let seed = try await web.swarm.start("seed", has: true)
        leecher.handle.add(candidates: [seed.endpoint])
        await leecher.observer.wait { $0.isCompleted }
        #expect(try web.swarm.payload(of: leecher) == web.swarm.content)
        #expect(leecher.observer.state.droppedWebSeeds.isEmpty)
        try await web.stop(leecher, seed)
    }

    @Test func `a peer and a web server share the work`() async throws {
        // After its first answer the server waits for the peer, or it would have sent everything before that said a word.
        let hasPeerServed = NIOLockedValueBox<@Sendable () -> Bool>({ false })
        let web = try await Web(try Self.swarm([8_000_000])) { request in
            request.number == 0 || hasPeerServed.withLockedValue { $0() }
                ? .range() : .status(.serviceUnavailable, ["retry-after": "1"])
        }
        let seed = try await web.swarm.start("seed", has: true)
        hasPeerServed.withLockedValue { $0 = { seed.handle.status.uploaded > 0 } }
        let leecher = try await web.leecher {
            $0.caps.download = 2 << 20
            $0.bufferMemory = 2 << 20
        }
        leecher.handle.add(candidates: [seed.endpoint])
        await leecher.observer.wait { $0.isCompleted }
        #expect(try web.swarm.payload(of: leecher) == web.swarm.content)
        let fromWeb = try #require(leecher.handle.status.webSeeds.first).downloaded
        #expect(fromWeb > 0 && seed.handle.status.uploaded > 0)
        try await web.stop(leecher, seed)
    }

    @Test func `a server without ranges serves small files, and of large ones is not asked for ever`() async throws {
        let small = try await Web(try Self.swarm([200_000, 300_000])) { _ in .whole }
        let leecher = try await small.leecher()
        await leecher.observer.wait { $0.isCompleted }
        #expect(try small.swarm.payload(of: leecher) == small.swarm.content)
        try await small.stop(leecher)

        let large = try await Web(try Self.swarm([8_000_000])) { _ in .whole }
        let other = try await large.leecher()
        let state = await other.observer.wait { !$0.droppedWebSeeds.isEmpty }
        #expect(state.droppedWebSeeds == ["the server sends whole files only, and this one is too large for that"])
        try await large.stop(other)
    }

    @Test func `a server that wishes a pause has it`() async throws {
        let web = try await Web(try Self.swarm()) { _ in .status(.serviceUnavailable, ["retry-after": "600"]) }
        let leecher = try await web.leecher()
        try await eventually { leecher.handle.status.webSeeds.first?.phase == .waiting }
        let seed = try #require(leecher.handle.status.webSeeds.first)
        #expect(try #require(seed.pause) > .seconds(500))
        #expect(seed.problem == "the server answers with status 503, and wishes to be asked again in 600 s")
        #expect(web.server.requests.count == 1)
        try await web.stop(leecher)
    }

    @Test func `a file of another length is not the torrent's`() async throws {
        let swarm = try Self.swarm([300_000])
        let web = try await Web(swarm) { _ in .range() }
        let other = try await RangeServer(["/payload/file-0": [UInt8](repeating: 7, count: 300_001)])
        let leecher = try await web.leecher([other.url()])
        let state = await leecher.observer.wait { !$0.droppedWebSeeds.isEmpty }
        #expect(state.droppedWebSeeds == ["the file there is another one: it has 300001 bytes"])
        try await other.close()
        try await web.stop(leecher)
    }
}
