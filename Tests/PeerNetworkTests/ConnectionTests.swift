// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerWire
import SwarmModel
import Testing

/// Which connections there are, and how many.
@Suite(.timeLimit(.minutes(15)))
struct ConnectionTests {
    @Test func `we do not talk to ourselves, nor try again`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let listener = try await FakeListener.listen(in: swarm)
        leecher.handle.add(candidates: [leecher.endpoint, listener.endpoint])
        let peer = try await listener.accept()
        try await peer.shakeHands()
        // Both are known, then only the other one.
        try await eventually { leecher.handle.status.candidates == 1 && leecher.network.connectionCount == 1 }
        leecher.handle.add(candidates: [leecher.endpoint])
        peer.close()
        try await eventually { leecher.handle.status.peers == 0 }
        #expect(leecher.handle.status.candidates == 1)
        try await swarm.stop(leecher)
    }

    struct Twins: Sendable {
        /// Whether the other side's id is greater than ours, so that the connection we dialled is kept.
        let weDialFirst: Bool
        let inboundComesFirst: Bool
    }

    @Test(arguments: [
        Twins(weDialFirst: true, inboundComesFirst: true), Twins(weDialFirst: true, inboundComesFirst: false),
        Twins(weDialFirst: false, inboundComesFirst: true), Twins(weDialFirst: false, inboundComesFirst: false),
    ])
    func `of two connections with one peer the one that the smaller id dialled stays`(_ twins: Twins) async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let listener = try await FakeListener.listen(in: swarm)
        let id = twins.weDialFirst ? FakePeer.greatestID : FakePeer.smallestID
        let inbound = try await FakePeer.connect(to: leecher.endpoint, in: swarm)
        leecher.handle.add(candidates: [listener.endpoint])
        let outbound = try await listener.accept()
        let (first, second) = twins.inboundComesFirst ? (inbound, outbound) : (outbound, inbound)
        try await first.shakeHands(id: id)
        try await eventually { try await leecher.handle.peers().count == 1 }
        try await second.shakeHands(id: id)
        let (kept, ended) = twins.weDialFirst ? (outbound, inbound) : (inbound, outbound)
        await ended.hearEnd()
        try await kept.send { MessageWriter.have(PieceIndex(0), into: &$0) }
        await kept.hear { $0 == .message(.interested) }
        let peers = try await leecher.handle.peers()
        #expect(peers.map(\.isInbound) == [!twins.weDialFirst])
        #expect(leecher.network.connectionCount == 1)
        try await swarm.stop(leecher)
    }

    @Test func `two that dial each other at once end up with one connection`() async throws {
        let swarm = try LoopbackSwarm(length: 400_000, pieceLength: 16_384)
        // Neither can finish, so that neither leaves.
        var have = Bitfield(count: swarm.geometry.pieceCount, filled: true)
        have.remove(PieceIndex(0))
        let first = try await swarm.start("first", has: true, have: have)
        let second = try await swarm.start("second", has: false)
        first.handle.add(candidates: [second.endpoint])
        second.handle.add(candidates: [first.endpoint])
        try await eventually { second.handle.status.havePieces == have.setCount }
        try await eventually { first.network.connectionCount == 1 && second.network.connectionCount == 1 }
        #expect(try await first.handle.peers().count == 1)
        #expect(try await second.handle.peers().count == 1)
        try await swarm.stop(first, second)
    }

    @Test func `a peer that dialled us is not dialled as well`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let first = try await swarm.start("first", has: false)
        let second = try await swarm.start("second", has: false)
        first.handle.add(candidates: [second.endpoint])
        // Second learns first's address from its extension handshake.
        try await eventually { second.handle.status.candidates == 1 && second.handle.status.peers == 1 }
        let other = try await FakeListener.listen(in: swarm)
        second.handle.add(candidates: [other.endpoint])
        _ = try await other.accept()
        // The one that was dialled, and first's.
        #expect(second.network.connectionCount == 2 && first.network.connectionCount == 1)
        try await swarm.stop(first, second)
    }

    @Test func `a torrent has no more connections than allowed, and takes others when some end`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.maximumConnectionsPerTorrent = 2 }
        let peers = try await self.join(seed, in: swarm, count: 2)
        let surplus = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await surplus.shakeHands() == nil)
        await surplus.hearEnd()
        #expect(seed.network.connectionCount == 2)
        peers[0].close()
        try await eventually { seed.network.connectionCount == 1 }
        _ = try await self.join(seed, in: swarm, count: 1)
        try await swarm.stop(seed)
    }

    @Test func `all torrents together have no more connections than allowed`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.maximumConnections = 3 }
        _ = try await self.join(seed, in: swarm, count: 3)
        let surplus = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await surplus.shakeHands() == nil)
        await surplus.hearEnd()
        let listener = try await FakeListener.listen(in: swarm)
        seed.handle.add(candidates: [listener.endpoint])
        #expect(try await seed.handle.peers().count == 3)
        #expect(seed.network.connectionCount == 3)
        try await swarm.stop(seed)
        #expect(seed.network.connectionCount == 0)
    }

    @Test func `idle sockets make room for those that speak`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.maximumHalfOpen = 3 }
        var idle: [FakePeer] = []
        for count in 1...3 {
            idle.append(try await FakePeer.connect(to: seed.endpoint, in: swarm))
            try await eventually { seed.network.halfOpenCount == count }
        }
        let fourth = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        await idle[0].hearEnd()
        #expect(try await fourth.shakeHands() != nil)
        try await eventually { seed.network.halfOpenCount == 2 }
        // The two that are left may still speak.
        #expect(try await idle[1].shakeHands(id: FakePeer.smallestID) != nil)
        try await swarm.stop(seed)
        await idle[2].hearEnd()
        #expect(seed.network.halfOpenCount == 0)
    }

    @Test func `a peer that does not say what it wants is dropped after a while`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.handshakePatience = .milliseconds(20) }
        let silent = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        let slow = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        slow.sendLater(Array(Handshake.preamble.prefix(12)))
        await silent.hearEnd()
        await slow.hearEnd()
        try await eventually { seed.network.halfOpenCount == 0 }
        try await swarm.stop(seed)
    }

    @Test func `a peer over IPv6 is served`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let address = try #require(IPAddress("::1"))
        let seed = try await swarm.start("seed", has: true, listen: PeerEndpoint(address: address, port: 0))
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        try await peer.shakeHands()
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        let block = swarm.geometry.block(0, of: PieceIndex(1))
        try await peer.send { MessageWriter.request(block, into: &$0) }
        #expect(await peer.hear() == .block(block, swarm.bytes(of: block)))
        #expect(try await seed.handle.peers().first?.endpoint.address == address)
        try await swarm.stop(seed)
    }

    /// Peers past their handshake, each with an id of its own.
    private func join(_ peer: LoopbackSwarm.Peer, in swarm: LoopbackSwarm, count: Int) async throws -> [FakePeer] {
        var peers: [FakePeer] = []
        for index in 0..<count {
            let fake = try await FakePeer.connect(to: peer.endpoint, in: swarm)
            #expect(try await fake.shakeHands(id: FakePeer.id(filledWith: UInt8(index + 1))) != nil)
            peers.append(fake)
        }
        return peers
    }
}
