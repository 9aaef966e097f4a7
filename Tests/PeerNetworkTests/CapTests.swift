// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import SwarmModel
import Testing

/// Torrents that are held to caps, over loopback. How slowly the tests run does not matter: a cap is the most.
@Suite(.timeLimit(.minutes(15)))
struct CapTests {
    private static let length = 40 * 16_384

    /// Has one peer fetch all from another, then looks whether it can have moved faster than at `rate`.
    private func fetch(
        atMost rate: Int, seed seedCaps: TransferCaps, leech leechCaps: TransferCaps, own: Bool
    ) async throws {
        let swarm = try LoopbackSwarm(length: Self.length, pieceLength: 32_768)
        let seed = try await swarm.start("seed", has: true) { if !own { $0.caps = seedCaps } }
        let leech = try await swarm.start("leech", has: false) { if !own { $0.caps = leechCaps } }
        if own {
            seed.handle.change(caps: seedCaps)
            leech.handle.change(caps: leechCaps)
        }
        let begin = ContinuousClock.now
        leech.handle.add(candidates: [seed.endpoint])
        try await eventually { leech.handle.status.havePieces == swarm.geometry.pieceCount }
        let elapsed = ContinuousClock.now - begin
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
        #expect(Double(Self.length) <= Double(rate) * (seconds + 0.1) + 2 * 16_384)
        try await swarm.stop(seed, leech)
    }

    @Test(arguments: [false, true]) func `a download is held to its cap`(own: Bool) async throws {
        try await self.fetch(
            atMost: 1 << 20, seed: TransferCaps(), leech: TransferCaps(download: 1 << 20), own: own)
    }

    @Test(arguments: [false, true]) func `an upload is held to its cap`(own: Bool) async throws {
        try await self.fetch(atMost: 1 << 20, seed: TransferCaps(upload: 1 << 20), leech: TransferCaps(), own: own)
    }

    @Test func `a cap that is taken away lets what was held go on`() async throws {
        let swarm = try LoopbackSwarm(length: Self.length, pieceLength: 32_768)
        // A block an hour: nobody would live to see the end.
        let slow = TransferCaps(download: 5, upload: 5)
        let seed = try await swarm.start("seed", has: true) { $0.caps = slow }
        let leech = try await swarm.start("leech", has: false) { $0.caps = slow }
        leech.handle.change(caps: slow)
        leech.handle.add(candidates: [seed.endpoint])
        try await eventually { leech.handle.status.peers == 1 }
        for peer in [seed, leech] {
            peer.network.change(
                limits: PeerLimits(
                    connections: 500, connectionsPerTorrent: 100, uploadSlots: nil, requestQueue: 2_000,
                    syncInterval: .seconds(5)))
        }
        leech.handle.change(caps: TransferCaps())
        try await eventually { leech.handle.status.havePieces == swarm.geometry.pieceCount }
        try await swarm.stop(seed, leech)
    }

    @Test func `many peers of a capped seed all get their share`() async throws {
        let swarm = try LoopbackSwarm(length: Self.length, pieceLength: 32_768)
        let seed = try await swarm.start("seed", has: true) { $0.caps = TransferCaps(upload: 4 << 20) }
        let first = try await swarm.start("first", has: false)
        let second = try await swarm.start("second", has: false)
        let third = try await swarm.start("third", has: false)
        for leech in [first, second, third] { leech.handle.add(candidates: [seed.endpoint]) }
        for leech in [first, second, third] {
            try await eventually { leech.handle.status.havePieces == swarm.geometry.pieceCount }
        }
        try await swarm.stop(seed, first, second, third)
    }
}
