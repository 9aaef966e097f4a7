// SPDX-License-Identifier: Apache-2.0

import Deflate
import PeerNetwork
import PeerWire
import SwarmModel
import Testing

/// Peers whose compressed blocks are anything but the blocks.
@Suite(.timeLimit(.minutes(15)))
struct HostileCompressionTests {
    enum Lie: String, Sendable, CaseIterable {
        case bomb, tooShort, truncated, trailing, garbage, empty, notShorter, longerThanAsked
    }

    private static let liar = "127.0.0.2"

    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        guard let deflater = BlockDeflater(level: 9) else { return [] }
        var output = [UInt8](repeating: 0, count: bytes.count + 100)
        let count = bytes.withUnsafeBytes { input in output.withUnsafeMutableBytes { deflater.deflate(input, into: $0) }
        }
        return Array(output.prefix(count ?? 0))
    }

    private static func tell(_ lie: Lie, about block: BlockRange, in swarm: LoopbackSwarm, by peer: FakePeer)
        async throws
    {
        let bytes = swarm.bytes(of: block)
        let truth = self.deflated(bytes)
        switch lie {
        case .bomb:
            // Sixty megabytes in sixteen kilobytes at most.
            let bomb = self.deflated([UInt8](repeating: 0, count: 15 << 20))
            try await peer.send(block, compressed: Array(bomb.prefix(Int(block.length) - 1)))
        case .tooShort: try await peer.send(block, compressed: self.deflated(bytes.dropLast()))
        case .truncated: try await peer.send(block, compressed: truth.dropLast(truth.count / 2))
        case .trailing: try await peer.send(block, compressed: truth + [0])
        case .garbage:
            var random = SplitMix64(seed: 9)
            try await peer.send(block, compressed: (0..<1_000).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case .empty: try await peer.send(block, compressed: [])
        case .notShorter: try await peer.send(block, compressed: [UInt8](repeating: 0, count: Int(block.length)))
        case .longerThanAsked:
            let longer = BlockRange(piece: block.piece, begin: block.begin, length: block.length + 16_384)
            try await peer.send(longer, compressed: truth)
        }
    }

    @Test(arguments: Lie.allCases)
    func `a compressed block that is not the block ends the connection, then bans, and the torrent goes on`(
        _ lie: Lie
    ) async throws {
        let swarm = try LoopbackSwarm(length: 400_000, pieceLength: 65_536, isText: true)
        let leecher = try await swarm.start("leecher", has: false)
        for round in 0..<2 {
            #expect(leecher.observer.state.bans.isEmpty, "round \(round)")
            let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: Self.liar)
            try await peer.shakeHandsExtended(in: swarm)
            try await peer.offerEverything()
            let block = try #require(await peer.hearRequest())
            try await Self.tell(lie, about: block, in: swarm, by: peer)
            await peer.hearEnd()
            try await eventually { leecher.handle.status.peers == 0 }
        }
        let state = await leecher.observer.wait { !$0.bans.isEmpty }
        #expect(state.bans.map(\.address) == [IPAddress(Self.liar)])
        #expect(leecher.handle.status.hashFailures == 0)
        try await self.completes(leecher, in: swarm)
    }

    @Test func `a compressed block with the wrong bytes fails its piece and bans`() async throws {
        let swarm = try LoopbackSwarm(length: 400_000, pieceLength: 65_536, isText: true)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: Self.liar)
        try await peer.shakeHandsExtended(in: swarm)
        try await peer.offerEverything()
        async let service: Void = Self.serve(peer) { block in Self.deflated(swarm.bytes(of: block).reversed()) }
        let state = await leecher.observer.wait { !$0.bans.isEmpty }
        #expect(state.bans.map(\.address) == [IPAddress(Self.liar)] && state.hashFailures.count >= 1)
        await service
        try await self.completes(leecher, in: swarm)
    }

    @Test func `compressed blocks that nobody asked for end the connection in the end`() async throws {
        let swarm = try LoopbackSwarm(length: 400_000, pieceLength: 65_536, isText: true)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: Self.liar)
        try await peer.shakeHandsExtended(in: swarm)
        let block = swarm.geometry.block(0, of: PieceIndex(0))
        for _ in 0..<5 { try await peer.send(block, compressed: Self.deflated(swarm.bytes(of: block))) }
        await peer.hearEnd()
        try await eventually { leecher.handle.status.peers == 0 }
        #expect(leecher.handle.status.havePieces == 0)
        try await swarm.stop(leecher)
    }

    @Test func `an honest peer of another make that compresses serves`() async throws {
        let swarm = try LoopbackSwarm(length: 400_000, pieceLength: 65_536, isText: true)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHandsExtended(in: swarm)
        try await peer.send {
            MessageWriter.extended(0, payload: Array("d1:mde9:sw_reqmaxi131072ee".utf8), into: &$0)
        }
        try await peer.offerEverything()
        async let service: Void = Self.serve(peer) { Self.deflated(swarm.bytes(of: $0)) }
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        let figures = leecher.handle.status.compression
        #expect(figures.receivedWire < figures.received / 2)
        peer.close()
        await service
        try await swarm.stop(leecher)
    }

    private static func serve(_ peer: FakePeer, _ answer: (BlockRange) -> [UInt8]) async {
        while let block = await peer.hearRequest() {
            do { try await peer.send(block, compressed: answer(block)) } catch { return }
        }
    }

    /// The leecher gets everything from an honest seed that joins now.
    private func completes(_ leecher: LoopbackSwarm.Peer, in swarm: LoopbackSwarm) async throws {
        let seed = try await swarm.start("seed", has: true)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        try await swarm.stop(leecher, seed)
    }
}
