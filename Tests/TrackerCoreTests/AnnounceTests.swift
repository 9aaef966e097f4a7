// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct AnnounceTests {
    @Test func `peers find each other and never themselves`() throws {
        var swarm = Swarm()
        for number in 0..<10 {
            try swarm.announce(number, event: .started)
            #expect(swarm.peers.count == number)
            #expect(!swarm.peers.contains(PeerEndpoint(address: Swarm.v4(number), port: 6881)))
        }
        for number in 0..<10 {
            try swarm.announce(number)
            #expect(Set(swarm.peers).count == 9)
            #expect(!swarm.peers.contains(PeerEndpoint(address: Swarm.v4(number), port: 6881)))
        }
    }

    @Test func `the asker is left out wherever it stands in a large swarm`() throws {
        var swarm = Swarm()
        for number in 0..<500 { try swarm.announce(number, left: number % 3 == 0 ? 0 : 1) }
        for number in 0..<500 {
            try swarm.announce(number, left: number % 3 == 0 ? 0 : 1, wanted: 200)
            #expect(swarm.peers.count == 200 && Set(swarm.peers).count == 200)
            #expect(!swarm.peers.contains(PeerEndpoint(address: Swarm.v4(number), port: 6881)))
        }
    }

    @Test func `seeds are given no seeds`() throws {
        var swarm = Swarm()
        for number in 0..<100 { try swarm.announce(number, left: number < 40 ? 0 : 1) }
        try swarm.announce(0, left: 0, wanted: 200)
        let leechers = Set((40..<100).map { PeerEndpoint(address: Swarm.v4($0), port: 6881) })
        #expect(Set(swarm.peers) == leechers)
        try swarm.announce(99, wanted: 200)
        #expect(swarm.peers.count == 99)
    }

    @Test func `numwant is honoured up to the cap`() throws {
        var policy = TrackerPolicy()
        policy.maximumWanted = 70
        var swarm = Swarm(policy: policy)
        for number in 0..<300 { try swarm.announce(number) }
        for (wanted, count) in [(nil, 50), (0, 0), (1, 1), (30, 30), (70, 70), (71, 70), (Int.max, 70), (-5, 0)] {
            try swarm.announce(0, wanted: wanted)
            #expect(swarm.peers.count == count)
        }
    }

    @Test func `everybody is as likely to be given`() throws {
        var swarm = Swarm()
        for number in 0..<200 { try swarm.announce(number) }
        var given: [PeerEndpoint: Int] = [:]
        for _ in 0..<1000 {
            try swarm.announce(0, wanted: 20)
            #expect(Set(swarm.peers).count == 20)
            for peer in swarm.peers { given[peer, default: 0] += 1 }
        }
        #expect(given.count == 199)
        // 100 each on average, standard deviation about 9.5.
        #expect(given.values.allSatisfy { (50...160).contains($0) })
    }

    @Test func `counts follow what happens`() throws {
        var swarm = Swarm()
        var counts = try swarm.announce(1, event: .started).counts
        #expect((counts.complete, counts.incomplete, counts.downloaded) == (0, 1, 0))
        counts = try swarm.announce(2, left: 0, event: .started).counts
        #expect((counts.complete, counts.incomplete, counts.downloaded) == (1, 1, 0))
        counts = try swarm.announce(1, left: 0, event: .completed).counts
        #expect((counts.complete, counts.incomplete, counts.downloaded) == (2, 0, 1))
        counts = try swarm.announce(1, left: 0, event: .completed).counts
        #expect(counts.downloaded == 1)
        counts = try swarm.announce(2, left: 5).counts
        #expect((counts.complete, counts.incomplete, counts.downloaded) == (1, 1, 1))
        counts = try swarm.announce(2, left: 5, event: .stopped).counts
        #expect((counts.complete, counts.incomplete) == (1, 0))
        #expect(swarm.peers.isEmpty)
        #expect(swarm.table.seeds == 1 && swarm.table.leechers == 0 && swarm.table.addresses == 1)
    }

    @Test func `stopping where nobody was makes nothing`() throws {
        var swarm = Swarm()
        #expect(try swarm.announce(1, event: .stopped).counts == SwarmCounts())
        #expect(swarm.table.torrentCount == 0)
        try swarm.announce(1)
        try swarm.announce(1, event: .stopped)
        #expect(swarm.table.torrentCount == 0)
    }

    @Test func `one address is one peer, whatever it calls itself`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        let counts = try swarm.announce(2, address: Swarm.v4(1)).counts
        #expect(counts.incomplete == 1)
        #expect(try swarm.announce(1, port: 6882).counts.incomplete == 2)
    }

    @Test func `what cannot be reached is refused`() {
        var swarm = Swarm()
        #expect(throws: AnnounceRejection.portZero) { try swarm.announce(1, port: 0) }
        #expect(throws: AnnounceRejection.unusableAddress) { try swarm.announce(1, address: IPAddress("0.0.0.0")) }
        #expect(throws: AnnounceRejection.unusableAddress) { try swarm.announce(1, address: IPAddress("::")) }
        #expect(swarm.table.torrentCount == 0)
    }

    @Test func `a full table refuses newcomers and keeps who is there`() throws {
        var policy = TrackerPolicy()
        policy.maximumTorrents = 2
        policy.maximumPeers = 3
        var swarm = Swarm(policy: policy)
        try swarm.announce(1, torrent: 1)
        try swarm.announce(1, torrent: 2)
        #expect(throws: AnnounceRejection.tooManyTorrents) { try swarm.announce(1, torrent: 3) }
        try swarm.announce(2, torrent: 2)
        #expect(throws: AnnounceRejection.tooManyPeers) { try swarm.announce(3, torrent: 2) }
        try swarm.announce(2, torrent: 2, left: 0)
        try swarm.announce(2, torrent: 2, event: .stopped)
        try swarm.announce(3, torrent: 2)
    }

    @Test func `intervals vary, and a young torrent asks back sooner`() throws {
        var swarm = Swarm()
        let policy = swarm.table.policy
        let young = try swarm.announce(1)
        #expect(young.interval >= policy.youngInterval && young.interval < policy.interval)
        swarm.pass(policy.youth)
        var seen: Set<Interval> = []
        for _ in 0..<200 { seen.insert(try swarm.announce(1).interval) }
        #expect(seen.count > 50)
        #expect(seen.allSatisfy { (policy.interval ... .seconds(1980)).contains($0) })
    }

    @Test func `the same seeds give the same answers`() throws {
        func run() throws -> [[PeerEndpoint]] {
            var swarm = Swarm(seed: 99)
            return try (0..<300).map { number in
                try swarm.announce(number)
                return swarm.peers
            }
        }
        #expect(try run() == run())
    }
}
