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
        // Of 4,000 places handed out one of 400 peers would get none in one run of fifty; of 8,000, in none.
        for asker in Array(100..<300) + Array(100..<300) {
            try swarm.announce(asker, wanted: 20)
            for peer in swarm.peers { given[peer, default: 0] += 1 }
        }
        #expect(given.count == 400, "everybody is handed out")
        #expect((given.values.max() ?? 0) < 200, "and nobody to half of them")
    }

    @Test func `who has more of what the asker lacks comes first, however many pieces there are`() throws {
        var random = SplitMix64(seed: TestSeed.one())
        for pieceCount in [40, 64, 100, 3000] {
            var swarm = Swarm(seed: random.next())
            var shares: [IPAddress: Double] = [:]
            for number in 1...500 {
                try swarm.announce(number, wanted: 0)
                let share = number == 1 ? 0.3 : Double.random(in: 0...1, using: &random)
                let pieces = (0..<pieceCount).filter { _ in Double.random(in: 0..<1, using: &random) < share }
                #expect(swarm.report(number, whole: Swarm.pieces(pieceCount, pieces)) == .known)
                shares[Swarm.v4(number)] = share
            }
            var sum = 0.0
            for _ in 0..<40 {
                swarm.pass(.seconds(9))
                try swarm.announce(1, wanted: 20)
                #expect(swarm.peers.count == 20 && Set(swarm.peers).count == 20)
                sum += swarm.peers.prefix(10).reduce(0) { $0 + (shares[$1.address] ?? 0) } / 10
            }
            // By chance it would be a half; of sixty-four looked at the ten best have five sixths and more.
            #expect(sum / 40 > 0.7, "\(pieceCount): \(sum / 40)")
        }
    }

    @Test func `who lacks little is sent to those that have it, though nearly all have all else`() throws {
        var random = SplitMix64(seed: TestSeed.one())
        var swarm = Swarm(seed: random.next())
        let last = 2500..<2510
        let holders = Set(1...80)
        for number in 1...800 {
            try swarm.announce(number, wanted: 0)
            let pieces = (0..<3000).filter { !last.contains($0) || holders.contains(number) }
            #expect(swarm.report(number, whole: Swarm.pieces(3000, pieces)) == .known)
        }
        var found = 0
        for _ in 0..<60 {
            try swarm.announce(500, wanted: 20)
            found += swarm.peers.count { peer in holders.contains { Swarm.v4($0) == peer.address } }
        }
        // By chance it would be 120 of 1200.
        #expect(found > 160, "\(found)")
    }

    @Test func `what is reported after the answers have begun counts as well, and what is taken back does not`() throws
    {
        var swarm = try Self.swarm(300, useful: [])
        for _ in 0..<40 { try swarm.announce(300, wanted: 20) }
        let (old, news) = (Swarm.pieces(128, 0..<64), Swarm.pieces(128, 64..<128))
        for number in 1...30 {
            #expect(swarm.report(number, news: news, all: Swarm.pieces(128, 0..<128), sequence: 2) == .known)
        }
        #expect(try Self.found(1...30, in: &swarm) > 120)
        for number in 1...30 { #expect(swarm.report(number, whole: old, sequence: 3) == .known) }
        // By chance it would be 80.
        #expect(try Self.found(1...30, in: &swarm) < 120)
        for number in 1...30 { try swarm.announce(number, event: .stopped) }
        #expect(try Self.found(1...30, in: &swarm) == 0)
    }

    /// How many of `numbers` are in forty answers of twenty.
    private static func found(_ numbers: ClosedRange<Int>, in swarm: inout Swarm) throws -> Int {
        var found = 0
        for _ in 0..<40 {
            try swarm.announce(300, wanted: 20)
            #expect(swarm.peers.count == 20 && Set(swarm.peers).count == 20)
            found += swarm.peers.count { peer in numbers.contains { Swarm.v4($0) == peer.address } }
        }
        return found
    }

    @Test func `who asks over one family is recommended peers of it`() throws {
        // The addresses of IPv6 here are one neighbourhood's.
        var policy = TrackerPolicy()
        policy.reportersPerAddress = 200
        var swarm = Swarm(policy: policy, seed: TestSeed.one())
        let half = Swarm.pieces(128, 64..<128)
        for number in 1...200 {
            let address = number % 2 == 0 ? Swarm.v6(number) : Swarm.v4(number)
            try swarm.announce(number, address: address, wanted: 0)
            #expect(
                swarm.report(number, whole: number > 150 ? half : Swarm.pieces(128, 0..<64), address: address) == .known
            )
        }
        for (asker, address) in [(1, Swarm.v4(1)), (2, Swarm.v6(2))] {
            var found = 0
            for _ in 0..<60 {
                try swarm.announce(asker, address: address, wanted: 20)
                #expect(swarm.peers.count == 20)
                let isV6 = address.isV6
                found += swarm.peers.count { peer in
                    peer.address.isV6 == isV6
                        && (151...200).contains { (isV6 ? Swarm.v6($0) : Swarm.v4($0)) == peer.address }
                }
            }
            // By chance it would be 225 of the 900 that are of the asker's family.
            #expect(found > 290, "\(found)")
        }
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
