// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

/// Torrents of few peers keep them elsewhere than larger ones, and move when they grow and shrink.
@Suite struct SmallTorrentTests {
    private struct Known: Hashable {
        var number: Int
        var isSeed: Bool
    }

    private static let torrents = 3000
    /// Enough to be searched at first and then indexed.
    private static let mostPeers = [1, 2, 3, 4, 6, 24]

    private static func address(_ number: Int) -> IPAddress {
        number % 5 == 4 ? Swarm.v6(number) : Swarm.v4(number)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `many torrents of few peers give out exactly those that are there`(seed: UInt64) throws {
        var swarm = Swarm(seed: seed)
        var script = SplitMix64(seed: seed &* 91)
        var model: [Int: Set<Known>] = [:]
        for step in 0..<40_000 {
            let torrent = Int(script.next(below: UInt64(Self.torrents)))
            let most = Self.mostPeers[torrent % Self.mostPeers.count]
            let number = Int(script.next(below: UInt64(most)))
            let isSeed = script.next(below: 2) == 0
            // There is a time of growing and one of shrinking.
            let stops = script.next(below: 10) < (step / 10_000 % 2 == 0 ? 2 : 7)
            let counts = try swarm.announce(
                number, torrent: torrent, address: Self.address(number), left: isSeed ? 0 : 1,
                event: stops ? .stopped : .started, wanted: 100
            ).counts
            var peers = model[torrent] ?? []
            peers = peers.filter { $0.number != number }
            let others = peers
            if !stops { peers.insert(Known(number: number, isSeed: isSeed)) }
            model[torrent] = peers.isEmpty ? nil : peers
            #expect(counts.complete == peers.count { $0.isSeed } && counts.incomplete == peers.count { !$0.isSeed })
            guard !stops else { continue }
            let given = others.filter { !isSeed || !$0.isSeed }.map { Self.address($0.number) }
            #expect(swarm.peers.count == given.count && Set(swarm.peers.map(\.address)) == Set(given))
        }
        #expect(swarm.table.torrentCount == model.count)
        #expect(swarm.table.addresses == model.values.reduce(0) { $0 + $1.count })
        swarm.pass(.seconds(100_000))
        swarm.expireAll()
        #expect(swarm.table.torrentCount == 0 && swarm.table.addresses == 0)
    }

    @Test func `what a torrent counts is kept for a while, with a piece map or without`() throws {
        for reports in [false, true] {
            var swarm = Swarm()
            try swarm.announce(1)
            try swarm.announce(2)
            try swarm.announce(2, left: 0, event: .completed)
            if reports { #expect(swarm.report(1, whole: Swarm.pieces(4, [1])) == .known) }
            try swarm.announce(2, left: 0, event: .stopped)
            try swarm.announce(1, event: .stopped)
            for _ in 0..<20 {
                swarm.pass(.seconds(60))
                swarm.expireAll()
            }
            #expect(swarm.table.counts(of: Swarm.hash(0))?.downloaded == 1)
            #expect(swarm.table.mapBytes == 0 && swarm.table.addresses == 0)
            swarm.pass(.seconds(3721))
            swarm.expireAll()
            #expect(swarm.table.torrentCount == 0)
        }
    }

    @Test func `a torrent that shrank, was asked for twins and grew again finds everybody`() throws {
        var swarm = Swarm()
        for number in 0..<1000 { try swarm.announce(number) }
        for number in 300..<1000 { try swarm.announce(number, event: .stopped) }
        try swarm.announce(1, address: Swarm.v6(1))
        #expect(swarm.table.leechers == 300 && swarm.table.addresses == 301)
        for number in 300..<2500 { try swarm.announce(number) }
        for number in 0..<2500 { try swarm.announce(number, address: Swarm.v6(number)) }
        #expect(swarm.table.leechers == 2500 && swarm.table.addresses == 5000)
    }
}
