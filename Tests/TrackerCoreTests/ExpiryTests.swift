// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct ExpiryTests {
    @Test func `who does not come back is forgotten, who does is kept`() throws {
        var swarm = Swarm()
        for number in 0..<100 { try swarm.announce(number) }
        swarm.pass(.seconds(2 * 1800))
        for number in 0..<50 { try swarm.announce(number) }
        swarm.pass(.seconds(121))
        swarm.expireAll()
        #expect(swarm.table.leechers == 50 && swarm.table.addresses == 50)
        try swarm.announce(1, wanted: 200)
        #expect(Set(swarm.peers.map(\.address)) == Set((0..<50).filter { $0 != 1 }.map(Swarm.v4)))
    }

    @Test func `a lifetime can be set`() throws {
        var policy = TrackerPolicy()
        policy.lifetime = .seconds(10)
        var swarm = Swarm(policy: policy)
        try swarm.announce(1)
        swarm.pass(.seconds(10))
        swarm.expireAll()
        #expect(swarm.table.leechers == 1)
        swarm.pass(.seconds(1))
        swarm.expireAll()
        #expect(swarm.table.leechers == 0 && swarm.table.torrentCount == 0)
    }

    @Test func `each call looks at no more than its budget`() throws {
        var swarm = Swarm()
        for number in 0..<1000 { try swarm.announce(number) }
        swarm.pass(.seconds(10_000))
        var removed = 0
        while swarm.table.addresses > 0 {
            let step = swarm.table.expire(at: swarm.now, budget: 64)
            #expect(step <= 64)
            removed += step
        }
        #expect(removed == 1000 && swarm.table.leechers == 0)
    }

    @Test func `a torrent that was downloaded is remembered for a while`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        try swarm.announce(1, left: 0, event: .completed)
        try swarm.announce(1, left: 0, event: .stopped)
        swarm.expireAll()
        #expect(swarm.table.counts(of: Swarm.hash(0))?.downloaded == 1)
        swarm.pass(.seconds(3721))
        swarm.expireAll()
        #expect(swarm.table.torrentCount == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `after any churn every count agrees and returns to zero`(seed: UInt64) throws {
        var swarm = Swarm(seed: seed)
        var script = SplitMix64(seed: seed &* 77)
        for step in 0..<8_000 {
            let number = Int(script.next(below: 400))
            let torrent = Int(script.next(below: 12)) * Int(script.next(below: 2))
            let events = AnnounceEvent.allCases
            try swarm.announce(
                number, torrent: torrent, address: script.next(below: 3) == 0 ? Swarm.v6(number) : nil,
                left: script.next(below: 2), event: events[Int(script.next(below: UInt64(events.count)))])
            if step % 64 == 0 {
                swarm.pass(.seconds(Int64(script.next(below: 200))))
                swarm.table.expire(at: swarm.now, budget: 100)
            }
            if step % 500 == 0 { self.checkTotals(swarm) }
        }
        self.checkTotals(swarm)
        swarm.pass(.seconds(100_000))
        swarm.expireAll()
        #expect(swarm.table.torrentCount == 0 && swarm.table.addresses == 0)
        #expect(swarm.table.seeds == 0 && swarm.table.leechers == 0)
    }

    private func checkTotals(_ swarm: borrowing Swarm) {
        var seeds = 0
        var leechers = 0
        swarm.table.forEachTorrent(limit: .max) { _, counts in
            seeds += counts.complete
            leechers += counts.incomplete
            #expect(counts.complete >= 0 && counts.incomplete >= 0)
        }
        #expect(seeds == swarm.table.seeds && leechers == swarm.table.leechers)
        #expect(seeds + leechers <= swarm.table.addresses)
    }
}
