// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import SwarmModel
import Testing

@Suite(.timeLimit(.minutes(15)))
struct LoopbackTests {
    @Test func `a leecher gets every byte of several files from one seed`() async throws {
        let swarm = try LoopbackSwarm(length: 3_000_017, pieceLength: 65_536, fileLengths: [1_000_000, 17, 2_000_000])
        let seed = try await swarm.start("seed", has: true)
        let leecher = try await swarm.start("leecher", has: false)
        leecher.handle.add(candidates: [seed.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        let durable = await leecher.observer.wait { $0.durable?.isFull == true }.durable
        #expect(durable?.isFull == true)
        #expect(try swarm.payload(of: leecher) == swarm.content)
        try await swarm.stop(seed, leecher)
    }

    @Test func `an inbound connection moves to the loop of its torrent and serves it`() async throws {
        let swarm = try LoopbackSwarm(length: 500_000, pieceLength: 16_384)
        let leecher = try await swarm.start("leecher", has: false)
        let seed = try await swarm.start("seed", has: true)
        seed.handle.add(candidates: [leecher.endpoint])
        _ = await leecher.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: leecher) == swarm.content)
        try await swarm.stop(seed, leecher)
    }

    @Test func `leechers exchange pieces among themselves over IPv6`() async throws {
        let swarm = try LoopbackSwarm(length: 4_000_000, pieceLength: 32_768)
        let address = try #require(IPAddress("::1"))
        let listen = PeerEndpoint(address: address, port: 0)
        let seed = try await swarm.start("seed", has: true, listen: listen)
        let first = try await swarm.start("first", has: false, listen: listen)
        let second = try await swarm.start("second", has: false, listen: listen)
        first.handle.add(candidates: [seed.endpoint, second.endpoint])
        second.handle.add(candidates: [seed.endpoint])
        _ = await first.observer.wait { $0.isCompleted }
        _ = await second.observer.wait { $0.isCompleted }
        #expect(try swarm.payload(of: first) == swarm.content)
        #expect(try swarm.payload(of: second) == swarm.content)
        try await swarm.stop(seed, first, second)
    }
}
