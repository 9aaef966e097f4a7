// SPDX-License-Identifier: Apache-2.0

import Deflate
import Logging
import PeerNetwork
import PeerTransport
import StrategyHost
import SwarmModel
import Testing

/// Blocks that go over the wire compressed.
@Suite(.timeLimit(.minutes(15)))
struct CompressionTests {
    private static func start(
        _ name: String, has: Bool = false, mode: CompressionMode = .always, in swarm: LoopbackSwarm,
        configure: (inout PeerNetworkConfiguration) -> Void = { _ in }
    ) async throws -> LoopbackSwarm.Peer {
        try await swarm.start(name, has: has) {
            $0.compression = mode
            configure(&$0)
        }
    }

    private static func transport(_ name: String) throws -> Transport {
        let host = StrategyHost(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try host.makeTransport(named: name)
    }

    /// The figures once the last second's are in.
    private static func figures(
        of peer: LoopbackSwarm.Peer, where condition: (CompressionStatus) -> Bool
    ) async throws -> CompressionStatus {
        try await eventually { condition(peer.handle.status.compression) }
        return peer.handle.status.compression
    }

    @Test(arguments: ["tcp", "mse", "utp"], [65_536, 1 << 18] as [UInt32])
    func `text arrives whole and costs half, over every transport`(_ name: String, _ pieceLength: UInt32) async throws {
        let transport = try Self.transport(name)
        let swarm = try LoopbackSwarm(length: 3_000_017, pieceLength: pieceLength, isText: true)
        let encryption = name == "mse" ? LinkEncryption.required : .allowed
        let seed = try await Self.start("seed", has: true, in: swarm) {
            ($0.transports, $0.encryption) = ([transport], encryption)
        }
        let leecher = try await Self.start("leecher", in: swarm) {
            ($0.transports, $0.encryption) = ([transport], encryption)
        }
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        let sent = try await Self.figures(of: seed) { $0.sent >= 3_000_017 }
        #expect(sent.mode == .always && sent.sentWire < sent.sent / 2 && sent.blocksSent > 0)
        #expect(sent.blocksCompressed == sent.blocksSent && sent.blocksReused == 0 && sent.cachedBytes > 0)
        let received = try await Self.figures(of: leecher) { $0.received >= 3_000_017 }
        #expect(received.receivedWire == sent.sentWire && received.received == sent.sent)
        #expect(seed.handle.status.uploaded == sent.sent && leecher.handle.status.downloaded == received.received)
        #expect(leecher.observer.state.bans.isEmpty && leecher.handle.status.wasted == 0)
        try await swarm.stop(seed, leecher)
    }

    @Test func `a seed compresses each block once however many peers fetch it, and they no more than once`()
        async throws
    {
        let swarm = try LoopbackSwarm(length: 4_000_000, pieceLength: 1 << 18, isText: true)
        let seed = try await Self.start("seed", has: true, in: swarm)
        var leechers: [LoopbackSwarm.Peer] = []
        for index in 0..<20 { leechers.append(try await Self.start("leecher-\(index)", in: swarm)) }
        for (index, leecher) in leechers.enumerated() {
            leecher.handle.add(candidates: [seed.endpoint] + leechers[..<index].map(\.endpoint))
        }
        for leecher in leechers {
            _ = await leecher.observer.wait { $0.isCompleted }
            #expect(try swarm.payload(of: leecher) == swarm.content)
        }
        let total: UInt64 = 4_000_000
        let atSeed = try await Self.figures(of: seed) { $0.blocksSent > 0 && $0.sent >= total }
        #expect(atSeed.bytesCompressed <= total)
        for leecher in leechers {
            let figures = leecher.handle.status.compression
            #expect(figures.bytesCompressed <= total)
            try await swarm.stop(leecher, keepingGroup: true)
        }
        try await swarm.stop(seed)
    }

    @Test func `a cap is a reason to compress`() async throws {
        let swarm = try LoopbackSwarm(length: 1_500_000, pieceLength: 65_536, isText: true)
        let seed = try await Self.start("seed", has: true, mode: .auto, in: swarm) {
            $0.caps = TransferCaps(upload: 1 << 20)
        }
        let leecher = try await Self.start("leecher", mode: .auto, in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        let sent = try await Self.figures(of: seed) { $0.sent >= 1_500_000 }
        #expect(sent.blocksSent > 0 && sent.sentWire < sent.sent)
        try await swarm.stop(seed, leecher)
    }

    @Test func `random data is not compressed`() async throws {
        let swarm = try LoopbackSwarm(length: 3_000_000, pieceLength: 65_536)
        let seed = try await Self.start("seed", has: true, in: swarm)
        let leecher = try await Self.start("leecher", in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        let sent = try await Self.figures(of: seed) { $0.sent >= 3_000_000 }
        #expect(sent.blocksSent == 0 && sent.blocksCompressed == 0 && sent.sentWire == sent.sent)
        try await swarm.stop(seed, leecher)
    }

    @Test(arguments: [(CompressionMode.never, CompressionMode.always), (.always, .never), (.auto, .auto)])
    func `nothing is compressed where one side does not want it, or nothing waits for the link`(
        _ seeds: CompressionMode, _ leechers: CompressionMode
    ) async throws {
        let swarm = try LoopbackSwarm(length: 1_000_000, pieceLength: 65_536, isText: true)
        let seed = try await Self.start("seed", has: true, mode: seeds, in: swarm)
        let leecher = try await Self.start("leecher", mode: leechers, in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        let sent = try await Self.figures(of: seed) { $0.sent >= 1_000_000 }
        #expect(sent.blocksSent == 0 && sent.sentWire == sent.sent)
        try await swarm.stop(seed, leecher)
    }

    @Test func `a torrent's own mode goes before the configured one, and is taken back`() async throws {
        let swarm = try LoopbackSwarm(length: 1_000_000, pieceLength: 65_536, isText: true)
        let seed = try await Self.start("seed", has: true, mode: .never, in: swarm)
        seed.handle.setCompression(.always)
        _ = try await Self.figures(of: seed) { $0.mode == .always }
        let leecher = try await Self.start("leecher", in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        let sent = try await Self.figures(of: seed) { $0.sent >= 1_000_000 }
        #expect(sent.blocksSent > 0 && sent.sentWire < sent.sent)
        seed.handle.setCompression(nil)
        let after = try await Self.figures(of: seed) { $0.mode == .never }
        #expect(after.cachedBytes == 0)
        try await swarm.stop(seed, leecher)
    }

    @Test func `the mode and level of all torrents change while they run`() async throws {
        let swarm = try LoopbackSwarm(length: 1_000_000, pieceLength: 65_536, isText: true)
        let seed = try await Self.start("seed", has: true, mode: .never, in: swarm)
        let limits = { (mode: CompressionMode) in
            PeerLimits(
                connections: 100, connectionsPerTorrent: 100, uploadSlots: nil, requestQueue: 2_000,
                syncInterval: .seconds(5), compression: mode, compressionLevel: 9)
        }
        seed.network.change(limits: limits(.always))
        let leecher = try await Self.start("leecher", in: swarm)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        let sent = try await Self.figures(of: seed) { $0.sent >= 1_000_000 }
        #expect(sent.mode == .always && sent.blocksSent > 0)
        try await swarm.stop(seed, leecher)
    }

    @Test func `a cache that holds next to nothing slows down and loses nothing`() async throws {
        let swarm = try LoopbackSwarm(length: 3_000_000, pieceLength: 65_536, isText: true)
        let seed = try await Self.start("seed", has: true, in: swarm) { $0.compressionCache = 0 }
        let first = try await Self.start("first", in: swarm) { $0.compressionCache = 0 }
        let second = try await Self.start("second", in: swarm) { $0.compressionCache = 0 }
        first.handle.add(candidates: [seed.endpoint, second.endpoint])
        second.handle.add(candidates: [seed.endpoint])
        for leecher in [first, second] {
            _ = await leecher.observer.wait { $0.isCompleted }
            #expect(try swarm.payload(of: leecher) == swarm.content)
        }
        try await swarm.stop(seed, first, second)
    }
}
