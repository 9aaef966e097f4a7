// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TestSeeds
import Testing
import TrackerCore
import TrackerWire

@Suite struct RecommendationTests {
    /// Peers 1...`count`, of whom those in `useful` have the upper half of the pieces and the others the lower.
    private static func swarm(_ count: Int, useful: Set<Int>) throws -> Swarm {
        var swarm = Swarm(seed: TestSeed.one())
        for number in 1...count {
            try swarm.announce(number, wanted: 0)
            let pieces = Swarm.pieces(128, useful.contains(number) ? 64..<128 : 0..<64)
            #expect(swarm.report(number, whole: pieces) == .known)
        }
        return swarm
    }

    @Test func `an answer has more of those that have what the asker lacks`() throws {
        let useful = Set(1...60)
        var swarm = try Self.swarm(600, useful: useful)
        var found = 0
        for _ in 0..<20 {
            try swarm.announce(300, wanted: 20)
            #expect(swarm.peers.count == 20 && Set(swarm.peers).count == 20)
            #expect(!swarm.peers.contains { $0.address == Swarm.v4(300) })
            found += swarm.peers.count { peer in useful.contains { Swarm.v4($0) == peer.address } }
        }
        // By chance it would be 40 of 400; of 32 looked at three are useful.
        #expect(found > 70, "\(found)")
    }

    @Test func `not all askers are sent to the same`() throws {
        var swarm = try Self.swarm(400, useful: Set(1...40))
        var given: [PeerEndpoint: Int] = [:]
        for asker in 100..<300 {
            try swarm.announce(asker, wanted: 20)
            for peer in swarm.peers { given[peer, default: 0] += 1 }
        }
        #expect(given.count == 400, "everybody is handed out")
        #expect((given.values.max() ?? 0) < 100, "and nobody to half of them")
    }

    @Test func `plain peers are answered as ever, and given out like others`() throws {
        var swarm = try Self.swarm(50, useful: [])
        for number in 60..<110 { try swarm.announce(number, wanted: 0) }
        try swarm.announce(60, wanted: 30)
        #expect(Set(swarm.peers).count == 30)
        try swarm.announce(1, wanted: 200)
        #expect(swarm.peers.count == 99)
        try swarm.announce(1, left: 0, wanted: 30)
        #expect(Set(swarm.peers).count == 30)
        try swarm.announce(2, wanted: 1)
        #expect(swarm.peers.count == 1)
    }

    @Test func `rarest pieces leave out what the asker has, and ties are dealt out`() throws {
        var swarm = Swarm()
        for number in 1...3 { try swarm.announce(number) }
        swarm.report(1, whole: Swarm.pieces(100, 0..<50))
        swarm.report(2, whole: Swarm.pieces(100, 0..<98))
        let asker = PeerEndpoint(address: Swarm.v4(1), port: 6881)
        let rarest = swarm.table.rarest(3, of: Swarm.hash(0), for: asker, random: &swarm.random)
        #expect(rarest.map(\.holders) == [0, 0, 1])
        #expect(Set(rarest.prefix(2).map(\.piece)) == [PieceIndex(98), PieceIndex(99)] && rarest[2].piece.offset >= 50)
        let others = (0..<20).map { _ in
            swarm.table.rarest(3, of: Swarm.hash(0), for: asker, random: &swarm.random)[2].piece
        }
        #expect(Set(others).count > 5)
        let all = swarm.table.rarest(1000, of: Swarm.hash(0), for: nil, random: &swarm.random)
        #expect(all.count == 100 && swarm.table.rarest(5, of: Swarm.hash(1), for: nil, random: &swarm.random).isEmpty)
    }
}
