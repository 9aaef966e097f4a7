// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerWire
import SwarmModel
import Testing

/// Peers that send what was not asked for, what is not true, or nothing.
@Suite(.timeLimit(.minutes(15)))
struct HostileDataTests {
    private let liar = "127.0.0.2"

    @Test func `blocks that nobody asked for end the connection in the end`() async throws {
        let swarm = try LoopbackSwarm(length: 100_000, pieceLength: 32_768)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: self.liar)
        try await peer.shakeHands()
        let block = swarm.geometry.block(0, of: PieceIndex(0))
        for _ in 0..<5 { peer.sendLater(Self.piece(block, swarm.bytes(of: block))) }
        await peer.hearEnd()
        try await eventually { leecher.handle.status.peers == 0 }
        #expect(leecher.handle.status.havePieces == 0)
        try await swarm.stop(leecher)
    }

    @Test func `a block of another length ends the connection and is asked of others`() async throws {
        let swarm = try LoopbackSwarm(length: 100_000, pieceLength: 32_768)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: self.liar)
        try await peer.shakeHands()
        try await peer.offerEverything()
        let block = try #require(await peer.hearRequest())
        let half = BlockRange(piece: block.piece, begin: block.begin, length: block.length / 2)
        try await peer.send(half, swarm.bytes(of: half))
        await peer.hearEnd()
        try await self.completes(leecher, in: swarm)
    }

    @Test func `a peer whose piece does not match is banned, and the piece comes from another`() async throws {
        let swarm = try LoopbackSwarm(length: 300_000, pieceLength: 65_536)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: self.liar)
        try await peer.shakeHands()
        try await peer.offerEverything()
        await peer.serve { swarm.bytes(of: $0).map { ~$0 } }
        let state = await leecher.observer.wait { !$0.bans.isEmpty }
        #expect(state.bans.map(\.address) == [IPAddress(self.liar)] && state.hashFailures.count >= 1)
        try await self.completes(leecher, in: swarm)
    }

    @Test func `of two that share a piece the liar is found out`() async throws {
        // One piece, more blocks than a first window.
        let swarm = try LoopbackSwarm(length: 32 * 16_384, pieceLength: 32 * 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let liar = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: self.liar)
        try await liar.shakeHands()
        try await liar.offerEverything()
        let first = try #require(await liar.hearRequest())
        let honest = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await honest.shakeHands(id: FakePeer.smallestID)
        try await honest.offerEverything()
        let second = try #require(await honest.hearRequest())
        async let lies: Void = liar.serve { swarm.bytes(of: $0).map { ~$0 } }
        async let truths: Void = honest.serveHonestly()
        try await liar.send(first, swarm.bytes(of: first).map { ~$0 })
        try await honest.send(second, swarm.bytes(of: second))
        let state = await leecher.observer.wait { $0.isCompleted }
        #expect(state.hashFailures.count == 2 && state.bans.map(\.address) == [IPAddress(self.liar)])
        #expect(try swarm.payload(of: leecher) == swarm.content)
        liar.close()
        honest.close()
        _ = await (lies, truths)
        try await swarm.stop(leecher)
    }

    @Test func `of two that share a piece the liar is found out by what the other sends next`() async throws {
        let swarm = try LoopbackSwarm(length: 32 * 16_384, pieceLength: 32 * 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let liar = try await FakePeer.connect(to: leecher.endpoint, in: swarm, from: self.liar)
        try await liar.shakeHands(fast: false)
        try await liar.offerEverything()
        let lie = try #require(await liar.hearRequest())
        // One block, and nothing more: the others, and the piece in its second try, come from somebody else.
        try await liar.send { out in
            MessageWriter.piece(lie, into: &out)
            out += swarm.bytes(of: lie).map { ~$0 }
            MessageWriter.choke(into: &out)
        }
        let honest = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await honest.shakeHands(id: FakePeer.smallestID)
        try await honest.offerEverything()
        async let truths: Void = honest.serveHonestly()
        let state = await leecher.observer.wait { $0.isCompleted && !$0.bans.isEmpty }
        #expect(state.hashFailures.count == 1 && state.bans.map(\.address) == [IPAddress(self.liar)])
        #expect(try swarm.payload(of: leecher) == swarm.content)
        liar.close()
        honest.close()
        await truths
        try await swarm.stop(leecher)
    }

    @Test func `blocks that a silent peer owes come from another`() async throws {
        let swarm = try LoopbackSwarm(length: 8 * 16_384, pieceLength: 8 * 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands()
        try await peer.offerEverything()
        for _ in 0..<8 { _ = try #require(await peer.hearRequest()) }
        try await self.completes(leecher, in: swarm)
    }

    @Test func `requests to a silent peer are taken back after a while`() async throws {
        let swarm = try LoopbackSwarm(length: 8 * 16_384, pieceLength: 8 * 16_384)
        let leecher = try await swarm.start("leecher", has: false) { $0.blockPatience = .milliseconds(10) }
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands()
        try await peer.offerEverything()
        for _ in 0..<8 { _ = try #require(await peer.hearRequest()) }
        for _ in 0..<8 {
            let heard = await peer.hear { if case .message(.cancel) = $0 { true } else { false } }
            #expect(heard != .end)
        }
        try await eventually { (try? await leecher.handle.peers().first?.isSnubbed) == true }
        // Only one at a time is asked of it from now on, and it may make good.
        try await eventually { (try? await leecher.handle.peers().first?.requestsOut) ?? 0 <= 1 }
        async let service: Void = peer.serveHonestly()
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        peer.close()
        await service
        try await swarm.stop(leecher)
    }

    @Test(arguments: [true, false])
    func `a peer that chokes and unchokes all the time serves in the end`(_ fast: Bool) async throws {
        let swarm = try LoopbackSwarm(length: 600_000, pieceLength: 65_536)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands(fast: fast)
        try await peer.offerEverything()
        async let service: Void = Self.flicker(peer, in: swarm, fast: fast)
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        #expect(leecher.observer.state.bans.isEmpty)
        peer.close()
        await service
        try await swarm.stop(leecher)
    }

    @Test func `a peer that only rejects is not asked in a hurry, and others serve`() async throws {
        let swarm = try LoopbackSwarm(length: 600_000, pieceLength: 65_536)
        let leecher = try await swarm.start("leecher", has: false)
        let peer = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        try await peer.shakeHands()
        try await peer.offerEverything()
        var rejected = 0
        while rejected < 64, let block = await peer.hearRequest() {
            try await peer.send { MessageWriter.reject(block, into: &$0) }
            rejected += 1
        }
        #expect(rejected == 64)
        try await self.completes(leecher, in: swarm)
    }

    /// Chokes and unchokes before every third block. A plain peer forgets what it was asked before it choked.
    private static func flicker(_ peer: FakePeer, in swarm: LoopbackSwarm, fast: Bool) async {
        var count = 0
        while let block = await peer.hearRequest() {
            count += 1
            do {
                if count.isMultiple(of: 3) {
                    try await peer.send { out in
                        MessageWriter.choke(into: &out)
                        MessageWriter.unchoke(into: &out)
                        if fast { MessageWriter.reject(block, into: &out) }
                    }
                } else {
                    try await peer.send(block, swarm.bytes(of: block))
                }
            } catch {
                return
            }
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

    private static func piece(_ block: BlockRange, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        MessageWriter.piece(block, into: &bytes)
        return bytes + payload
    }
}
