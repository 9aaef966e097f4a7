// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PeerWire
import SwarmModel
import Testing

/// Limits and block lists that change while torrents run.
@Suite(.timeLimit(.minutes(15)))
struct ChangingLimitsTests {
    private static func limits(
        connections: Int = 500, perTorrent: Int = 100, slots: Int? = nil, queue: Int = 2_000
    ) -> PeerLimits {
        PeerLimits(
            connections: connections, connectionsPerTorrent: perTorrent, uploadSlots: slots, requestQueue: queue,
            syncInterval: .seconds(5))
    }

    /// Whether a new peer, called by a number of its own, is let in.
    private func isAdmitted(_ number: UInt8, to seed: LoopbackSwarm.Peer, in swarm: LoopbackSwarm) async throws -> Bool
    {
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        return try await peer.shakeHands(id: FakePeer.id(filledWith: number)) != nil
    }

    private static func served(by seed: LoopbackSwarm.Peer) async throws -> Int {
        try await seed.handle.peers().count { !$0.isChoked }
    }

    @Test func `a new number of connections holds for the next one and closes none`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        #expect(try await self.isAdmitted(1, to: seed, in: swarm))
        #expect(try await self.isAdmitted(2, to: seed, in: swarm))
        seed.network.change(limits: Self.limits(connections: 1))
        #expect(try await !self.isAdmitted(3, to: seed, in: swarm))
        #expect(seed.network.connectionCount == 2)
        seed.network.change(limits: Self.limits(connections: 3))
        #expect(try await self.isAdmitted(4, to: seed, in: swarm))
        #expect(try await !self.isAdmitted(5, to: seed, in: swarm))
        seed.network.change(limits: Self.limits(perTorrent: 3))
        #expect(try await !self.isAdmitted(6, to: seed, in: swarm))
        seed.network.change(limits: Self.limits(perTorrent: 4))
        #expect(try await self.isAdmitted(7, to: seed, in: swarm))
        try await swarm.stop(seed)
    }

    @Test func `a new length of the request queue holds for the next peer`() async throws {
        let swarm = try LoopbackSwarm(length: 1 << 22, pieceLength: 1 << 18)
        let seed = try await swarm.start("seed", has: true) { $0.requestQueue = 20_000 }
        seed.network.change(limits: Self.limits(queue: 50))
        let peer = try await FakePeer.connect(to: seed.endpoint, in: swarm, receiveBuffer: 8_192)
        try await peer.shakeHands()
        try await peer.send { MessageWriter.interested(into: &$0) }
        await peer.hear { $0 == .message(.unchoke) }
        try await peer.askWithoutReading()
        try await eventually { seed.network.connectionCount == 0 }
        try await swarm.stop(seed)
    }

    @Test func `a new number of upload slots holds from the next choke round`() async throws {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true) { $0.uploadSlots = 1 }
        let first = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        let second = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        for (peer, number) in [(first, UInt8(1)), (second, 2)] {
            try await peer.shakeHands(id: FakePeer.id(filledWith: number))
            try await peer.send { MessageWriter.interested(into: &$0) }
        }
        try await eventually { try await Self.served(by: seed) == 1 }
        seed.network.change(limits: Self.limits(slots: 2))
        try await eventually { try await Self.served(by: seed) == 2 }
        try await swarm.stop(seed)
    }

    @Test func `a new block list ends connections with whom it names, and an empty one lets them in again`()
        async throws
    {
        let swarm = try LoopbackSwarm(length: 40_000, pieceLength: 16_384)
        let seed = try await swarm.start("seed", has: true)
        let listed = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2")
        let other = try await FakePeer.connect(to: seed.endpoint, in: swarm)
        #expect(try await listed.shakeHands(id: FakePeer.smallestID) != nil)
        #expect(try await other.shakeHands() != nil)
        seed.network.bans.replace(filter: AddressFilter(text: "127.0.0.2\n".utf8))
        await listed.hearEnd()
        try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2").hearEnd()
        try await eventually { seed.network.connectionCount == 1 }
        seed.network.bans.replace(filter: AddressFilter())
        let again = try await FakePeer.connect(to: seed.endpoint, in: swarm, from: "127.0.0.2")
        #expect(try await again.shakeHands() != nil)
        try await swarm.stop(seed)
    }
}
