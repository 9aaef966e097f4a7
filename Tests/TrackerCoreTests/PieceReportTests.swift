// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing
import TrackerCore
import TrackerWire

@Suite struct PieceReportTests {
    @Test func `what peers report is counted`() throws {
        var swarm = Swarm()
        for number in 1...3 { try swarm.announce(number) }
        #expect(swarm.report(1, whole: Swarm.pieces(5, [0, 1])) == .known)
        #expect(swarm.report(2, whole: Swarm.pieces(5, [1, 2])) == .known)
        #expect(swarm.report(3, whole: Swarm.pieces(5, [])) == .known)
        #expect(swarm.counts() == [1, 2, 1, 0, 0] && swarm.table.reporters == 3)
        #expect(swarm.report(1, news: Swarm.pieces(5, [4]), all: Swarm.pieces(5, [0, 1, 4]), sequence: 2) == .known)
        #expect(swarm.counts() == [1, 2, 1, 0, 1])
        let holders = swarm.holders(of: 1)
        #expect(holders.count == 2 && holders.peers == [Swarm.v4(1), Swarm.v4(2)])
        #expect(swarm.holders(of: 1, for: 2).peers == [Swarm.v4(1)], "the asker is never among them")
        #expect(
            swarm.holders(of: 3).count == 0 && swarm.holders(of: 5).count == 0
                && swarm.holders(of: 1, 1).peers.count == 1)
    }

    @Test func `memory goes with the reporters, and what is left is still known`() throws {
        var swarm = Swarm()
        let pieces = 4000
        for number in 0..<12 {
            try swarm.announce(number)
            let own = stride(from: number % 4, to: pieces, by: 4)
            #expect(swarm.report(number, whole: Swarm.pieces(pieces, Array(own))) == .known)
        }
        let full = swarm.table.mapBytes
        for number in 1..<12 { try swarm.announce(number, event: .stopped) }
        swarm.expireAll()
        // A list of holders takes eight bytes an entry, and eleven reporters had a thousand each.
        #expect(full - swarm.table.mapBytes >= 11 * 8 * 1000)
        #expect(swarm.table.reporters == 1)
        #expect(swarm.holders(of: 8).peers == [Swarm.v4(0)] && swarm.holders(of: 9).count == 0)
        try swarm.announce(1)
        #expect(swarm.report(1, whole: Swarm.pieces(pieces, 0..<pieces)) == .known)
        #expect(swarm.holders(of: 8).peers == [Swarm.v4(0), Swarm.v4(1)])
        try swarm.announce(0, event: .stopped)
        #expect(swarm.holders(of: 8).peers == [Swarm.v4(1)] && swarm.holders(of: 9).peers == [Swarm.v4(1)])
    }

    @Test func `only who announced itself from there under the same name and key is believed`() throws {
        var swarm = Swarm()
        let pieces = Swarm.pieces(4, [1])
        #expect(swarm.report(1, whole: pieces) == .unregistered, "a torrent that nobody announced")
        try swarm.announce(1, key: 9)
        #expect(swarm.report(1, whole: pieces, key: 8) == .unregistered)
        #expect(swarm.report(1, whole: pieces, address: Swarm.v4(2), key: 9) == .unregistered)
        #expect(swarm.report(1, whole: pieces, key: 9, port: 6882) == .unregistered)
        #expect(swarm.report(2, whole: pieces, address: Swarm.v4(1), key: 9) == .unregistered)
        #expect(swarm.report(1, whole: pieces, torrent: 1, key: 9) == .unregistered)
        #expect(swarm.table.reporters == 0 && swarm.counts().isEmpty && swarm.table.mapBytes == 0)
        #expect(swarm.report(1, whole: pieces, key: 9) == .known)
        let known = [9, 7].map { swarm.table.isRegistered(Swarm.peer(1, key: $0), from: Swarm.v4(1)) }
        #expect(known == [true, false])
    }

    @Test func `a report that got lost is seen, and the whole set repairs it`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        #expect(swarm.report(1, whole: Swarm.pieces(9, [0])) == .known)
        // The one with piece 1 got lost.
        let all = Swarm.pieces(9, [0, 1, 2])
        #expect(swarm.report(1, news: Swarm.pieces(9, [2]), all: all, sequence: 3) == .resync)
        #expect(swarm.report(1, whole: all, sequence: 4) == .known)
        #expect(swarm.counts() == [1, 1, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func `late, repeated and early reports do no harm`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        let all = Swarm.pieces(9, [0, 1, 2])
        #expect(swarm.report(1, news: Swarm.pieces(9, [2]), all: all, sequence: 1) == .resync, "nothing whole yet")
        #expect(swarm.report(1, whole: Swarm.pieces(9, [0]), sequence: 5) == .known)
        #expect(swarm.report(1, news: Swarm.pieces(9, [1, 2]), all: all, sequence: 6) == .known)
        #expect(swarm.report(1, news: Swarm.pieces(9, [1, 2]), all: all, sequence: 6) == .known, "the same again")
        #expect(swarm.report(1, news: Swarm.pieces(9, [8]), all: Swarm.pieces(9, [8]), sequence: 3) == .resync)
        #expect(swarm.counts() == [1, 1, 1, 0, 0, 0, 0, 0, 0], "an old one changes nothing")
        #expect(swarm.report(1, news: Swarm.pieces(9, [3]), all: all, sequence: 7, epoch: 1) == .resync)
        #expect(swarm.counts()[3] == 0, "nor does one for another epoch")
        #expect(swarm.report(1, whole: Swarm.pieces(9, [4]), sequence: 1) == .known, "a peer that started anew")
        #expect(swarm.counts() == [0, 0, 0, 0, 1, 0, 0, 0, 0])
    }

    @Test func `sequence numbers wrap`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        #expect(swarm.report(1, whole: Swarm.pieces(3, [0]), sequence: .max) == .known)
        #expect(swarm.report(1, news: Swarm.pieces(3, [1]), all: Swarm.pieces(3, [0, 1]), sequence: 2) == .known)
    }

    @Test func `a seed costs no bits, and who leaves is forgotten`() throws {
        var swarm = Swarm()
        for number in 1...2 {
            try swarm.announce(number)
            #expect(swarm.report(number, whole: Swarm.pieces(3, [0, 1])) == .known)
        }
        try swarm.announce(1, left: 0, event: .completed)
        #expect(swarm.counts() == [1, 1, 0] && swarm.table.reporters == 1)
        #expect(swarm.report(1, whole: Swarm.pieces(3, 0..<3)) == .unwanted, "seeds need not report")
        #expect(swarm.table.availability(of: Swarm.hash(0), first: PieceIndex(0), 3)?.seeds == 1)
        try swarm.announce(2, event: .stopped)
        #expect(swarm.table.reporters == 0 && swarm.counts() == [0, 0, 0])
        swarm.pass(.seconds(10_000))
        swarm.expireAll()
        #expect(swarm.table.mapBytes == 0 && swarm.table.torrentCount == 0)
    }

    @Test func `who falls silent for three periods is neither counted nor handed out`() throws {
        var swarm = Swarm()
        for number in 1...3 { try swarm.announce(number) }
        for number in 1...2 { swarm.report(number, whole: Swarm.pieces(3, [0])) }
        swarm.pass(.seconds(20))
        #expect(swarm.report(2, news: Swarm.pieces(3, []), all: Swarm.pieces(3, [0]), sequence: 2) == .known)
        swarm.pass(.seconds(6))
        swarm.expireAll()
        #expect(swarm.counts() == [1, 0, 0] && swarm.table.reporters == 1)
        try swarm.announce(4)
        #expect(Set(swarm.peers.map(\.address)) == [Swarm.v4(2), Swarm.v4(3)], "who never reported is kept as ever")
        #expect(swarm.report(1, whole: Swarm.pieces(3, [0])) == .unregistered)
        try swarm.announce(1)
        #expect(swarm.report(1, whole: Swarm.pieces(3, [0])) == .known)
    }

    @Test func `the period grows with the number of reporters`() throws {
        var policy = TrackerPolicy()
        policy.reportsPerSecond = 2
        var swarm = Swarm(policy: policy)
        for number in 1...24 {
            try swarm.announce(number)
            swarm.report(number, whole: Swarm.pieces(3, []))
        }
        #expect(swarm.table.reportPeriod == .seconds(12))
        for number in 1...20 { try swarm.announce(number, event: .stopped) }
        #expect(swarm.table.reportPeriod == .seconds(5))
    }

    @Test func `the number of pieces is what the first says until more say otherwise`() throws {
        var swarm = Swarm()
        for number in 1...6 { try swarm.announce(number) }
        #expect(swarm.report(1, whole: Swarm.pieces(7, [6])) == .known, "a liar came first")
        #expect(swarm.report(2, whole: Swarm.pieces(9, [0])) == .unwanted)
        #expect(swarm.report(2, whole: Swarm.pieces(9, [0])) == .unwanted, "and one peer counts once")
        #expect(swarm.report(3, whole: Swarm.pieces(9, [0])) == .known)
        #expect(swarm.counts() == [1, 0, 0, 0, 0, 0, 0, 0, 0] && swarm.table.reporters == 1)
        #expect(swarm.report(2, whole: Swarm.pieces(9, [0])) == .known)
        for number in 4...6 { #expect(swarm.report(number, whole: Swarm.pieces(9, [8])) == .known) }
        #expect(swarm.report(1, whole: Swarm.pieces(7, [6])) == .unwanted)
    }

    @Test func `maps stay within their bounds`() throws {
        var policy = TrackerPolicy()
        policy.maximumMapBytes = 300_000
        policy.maximumPieces = 20_000
        policy.reportersPerAddress = 4
        var swarm = Swarm(policy: policy)
        for number in 1...200 { try swarm.announce(number) }
        #expect(swarm.report(1, whole: Swarm.pieces(20_001, [])) == .unwanted)
        var known = 0
        for number in 1...200 where swarm.report(number, whole: Swarm.pieces(10_000, [number])) == .known { known += 1 }
        #expect(known >= 4 && known < 200 && swarm.table.reporters == known)
        #expect(swarm.table.mapBytes <= 320_000, "\(swarm.table.mapBytes)")
        var crowd = Swarm(policy: policy)
        for port in 1...20 {
            try crowd.announce(port, address: Swarm.v4(1), port: UInt16(port))
            let verdict = crowd.report(port, whole: Swarm.pieces(64, [1]), address: Swarm.v4(1), port: UInt16(port))
            #expect(verdict == (port <= 4 ? .known : .unwanted))
        }
        try crowd.announce(99)
        #expect(crowd.report(99, whole: Swarm.pieces(64, [1])) == .known, "others have room still")
    }

    @Test func `pieces that are not well-formed change nothing`() throws {
        var swarm = Swarm()
        try swarm.announce(1)
        swarm.report(1, whole: Swarm.pieces(8, [1]))
        let report = PieceReport(
            peer: Swarm.peer(1), isWhole: true, encoding: .gaps, sequence: 2, epoch: swarm.table.epoch, pieceCount: 8,
            sum: PieceChecksum())
        #expect(swarm.table.report(report, [2, 200].span, from: Swarm.v4(1), at: swarm.now) == nil)
        #expect(swarm.counts() == [0, 1, 0, 0, 0, 0, 0, 0])
    }

    @Test func `both families report, each for its own address`() throws {
        var swarm = Swarm()
        try swarm.announce(1, address: Swarm.v6(1))
        try swarm.announce(2)
        #expect(swarm.report(1, whole: Swarm.pieces(3, [0]), address: Swarm.v6(1)) == .known)
        #expect(swarm.report(2, whole: Swarm.pieces(3, [0])) == .known)
        #expect(swarm.counts() == [2, 0, 0])
        #expect(swarm.holders(of: 0).peers == [Swarm.v4(2)])
    }

    @Test func `who falls silent is forgotten however many peers there are to look after`() throws {
        var swarm = Swarm()
        for number in 0..<1000 { try swarm.announce(number, wanted: 0) }
        #expect(swarm.report(1, whole: Swarm.pieces(100, 0..<50)) == .known)
        swarm.pass(.seconds(60))
        for _ in 0..<4 { swarm.table.expire(at: swarm.now, budget: 16) }
        #expect(swarm.table.reporters == 0 && swarm.table.mapBytes == 0)
    }
}
