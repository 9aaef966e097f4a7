// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct TitForTatTests {
    @Test func `with slots enough everybody who asks is served`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 3, slots: 4)
        rounds.peers[1].isInterested = false
        #expect(rounds.next() == [0, 2])
    }

    @Test func `those that send to us fastest are served, and one more`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 10, slots: 4)
        for index in 0..<10 { rounds.peers[index].downRate = Double(index) * 1000 }
        for _ in 0..<20 {
            let served = rounds.next()
            #expect(served.count == 4)
            #expect(served.isSuperset(of: [7, 8, 9]))
        }
    }

    @Test func `the optimistic slot stays for thirty seconds and then goes to another`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 12, slots: 3)
        rounds.peers[0].downRate = 900
        rounds.peers[1].downRate = 800
        for index in 2..<12 { rounds.peers[index].upRate = 500 }
        var optimists: [Int] = []
        for _ in 0..<60 {
            let extra = rounds.next().subtracting([0, 1])
            #expect(extra.count == 1)
            optimists.append(contentsOf: extra)
        }
        for start in stride(from: 0, to: 60, by: 3) {
            #expect(Set(optimists[start..<start + 3]).count == 1)
            if start > 0 { #expect(optimists[start] != optimists[start - 1]) }
        }
        #expect(Set(optimists).count >= 7)
    }

    @Test func `an optimist that earns its slot makes room for another`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 6, slots: 3)
        rounds.peers[0].downRate = 900
        rounds.peers[1].downRate = 800
        let optimist = try #require(rounds.next().subtracting([0, 1]).first)
        rounds.peers[optimist].downRate = 5000
        let served = rounds.next()
        #expect(served.isSuperset(of: [0, optimist]))
        #expect(served.count == 3)
    }

    @Test func `a peer that snubs us loses its slot, but may be an optimist`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 6, slots: 3)
        for index in 0..<6 { rounds.peers[index].downRate = 1000 - Double(index) }
        rounds.peers[0].isSnubbed = true
        var served = 0
        for _ in 0..<30 {
            let now = rounds.next()
            #expect(now.isSuperset(of: [1, 2]))
            if now.contains(0) { served += 1 }
        }
        #expect(served < 30)
    }

    @Test func `when everybody snubs us all slots are given at random`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 8, slots: 4)
        for index in 0..<8 {
            rounds.peers[index].downRate = 1000
            rounds.peers[index].isSnubbed = true
        }
        var seen: Set<Int> = []
        for _ in 0..<40 {
            let served = rounds.next()
            #expect(served.count == 4)
            seen.formUnion(served)
        }
        #expect(seen.count == 8)
    }

    @Test func `a seed serves everybody in turn, for as long as each other`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 10, slots: 4)
        rounds.isSeeding = true
        var turns = Array(repeating: 0, count: 10)
        for _ in 0..<150 {
            let served = rounds.next()
            #expect(served.count == 4)
            for index in 0..<10 {
                rounds.peers[index].upRate = served.contains(index) ? 1000 + 10 * Double(index) : 0
                rounds.peers[index].downRate = 5000 - Double(index)
                rounds.peers[index].isSnubbed = true
                if served.contains(index) { turns[index] += 1 }
            }
        }
        // Sixty each, give or take a turn or two.
        #expect((turns.min() ?? 0) >= 45 && (turns.max() ?? 0) <= 75, "rounds: \(turns)")
    }

    @Test func `a seed's turn is short for one that takes much less than the others`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 10, slots: 4)
        rounds.isSeeding = true
        var turns = Array(repeating: 0, count: 10)
        for _ in 0..<150 {
            let served = rounds.next()
            for index in 0..<10 {
                rounds.peers[index].upRate = !served.contains(index) ? 0 : index == 0 ? 50 : 1000
                if served.contains(index) { turns[index] += 1 }
            }
        }
        #expect(turns[0] > 0)
        #expect(turns[1...].allSatisfy { $0 > 2 * turns[0] }, "rounds: \(turns)")
    }

    @Test func `newcomers are likelier optimists`() throws {
        var newcomers = 0
        for seed in 0..<200 {
            let rounds = try ChokerDriver("tit-for-tat", peers: 6, slots: 2, seed: UInt64(seed))
            rounds.peers[0].downRate = 10
            rounds.peers[1].isNewcomer = true
            if rounds.next().contains(1) { newcomers += 1 }
        }
        #expect(newcomers > 60, "three of seven tickets, \(newcomers) of 200")
    }

    @Test func `a single slot is optimistic now and then`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 3, slots: 1)
        rounds.peers[0].downRate = 10
        var served: [Int] = []
        for _ in 0..<200 { served.append(contentsOf: rounds.next()) }
        #expect(served.count == 200)
        #expect(served.count { $0 == 0 } > 30)
        #expect(served.count { $0 != 0 } > 30)
    }

    @Test func `nobody is served without slots`() throws {
        #expect(try ChokerDriver("tit-for-tat", peers: 3, slots: 0).next().isEmpty)
        #expect(try ChokerDriver("tit-for-tat", peers: 0, slots: 4).next().isEmpty)
    }

    @Test func `slots that nobody has earned change hands like the optimistic one`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 12, slots: 4)
        rounds.peers[0].downRate = 900
        for index in 1..<12 { rounds.peers[index].upRate = 500 }
        var seen: Set<Int> = []
        var before: Set<Int> = []
        for _ in 0..<8 {
            let served = rounds.next()
            #expect(served.count == 4 && served.contains(0))
            #expect(rounds.next() == served)
            #expect(rounds.next() == served)
            let gifts = served.subtracting([0])
            #expect(gifts.isDisjoint(with: before))
            before = gifts
            seen.formUnion(gifts)
        }
        #expect(seen.count >= 8)
    }

    @Test func `those that snub us get no more than the optimistic slot while anybody else waits`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 12, slots: 4)
        for index in 0..<12 { rounds.peers[index].isSnubbed = index < 6 }
        var given: Set<Int> = []
        for _ in 0..<60 {
            let served = rounds.next()
            #expect(served.count == 4)
            let lost = served.filter { $0 < 6 }
            // Those that may be hoped for are tried first; after that they have failed like the others.
            if given.count < 6 { #expect(lost.count <= 1) }
            given.formUnion(served.subtracting(lost))
            for index in 6..<12 { rounds.peers[index].downRate = served.contains(index) ? 1000 : 0 }
            for index in served { rounds.peers[index].upRate = 1000 }
        }
        for _ in 0..<30 { #expect(rounds.next().filter { $0 < 6 }.count <= 1) }
    }

    @Test func `whoever had a slot and gave nothing is less likely to get one again`() throws {
        var (again, others) = (0, 0)
        for seed in 0..<60 {
            let rounds = try ChokerDriver("tit-for-tat", peers: 8, slots: 2, seed: UInt64(seed))
            rounds.peers[0].downRate = 1000
            for index in 1..<8 { rounds.peers[index].upRate = 1000 }
            // Peer 1 never gives anything; the others do while they are served.
            var before: Set<Int> = []
            for round in 0..<90 {
                let served = rounds.next()
                for index in 2..<8 { rounds.peers[index].downRate = served.contains(index) ? 10 : 0 }
                for index in served.subtracting(before) where index > 0 && round > 15 {
                    if index == 1 { again += 1 } else { others += 1 }
                }
                before = served
            }
        }
        #expect(again > 0, "it is not forgotten either")
        #expect(again * 2 < others / 6, "\(again) times, \(others / 6) times each of the others")
    }

    @Test func `so is whoever has what it wanted before its time is over`() throws {
        var again = (fleeting: 0, staying: 0)
        for seed in 0..<60 {
            let rounds = try ChokerDriver("tit-for-tat", peers: 9, slots: 2, seed: UInt64(seed))
            rounds.peers[0].downRate = 1000
            for index in 1..<9 { rounds.peers[index].upRate = 1000 }
            // Peers 1 and 2 never give anything; 1 wants nothing more after each round in which it is served.
            var before: Set<Int> = []
            for round in 0..<90 {
                let served = rounds.next()
                rounds.peers[1].isInterested = !served.contains(1)
                for index in 3..<9 { rounds.peers[index].downRate = served.contains(index) ? 10 : 0 }
                let gained = round > 15 ? served.subtracting(before) : []
                if gained.contains(1) { again.fleeting += 1 }
                if gained.contains(2) { again.staying += 1 }
                before = served
            }
        }
        #expect(again.fleeting > 0, "it is not forgotten either")
        #expect(again.fleeting * 2 < again.staying * 3, "\(again)")
    }

    @Test func `slots that nobody has earned go to those that once gave something before strangers`() throws {
        for seed in UInt64(0)..<20 {
            let rounds = try ChokerDriver("tit-for-tat", peers: 12, slots: 4, seed: seed)
            for index in 0..<12 {
                rounds.peers[index].upRate = 500
                rounds.peers[index].isInterested = index > 2
                rounds.peers[index].downRate = index > 2 ? 0 : 1000
            }
            let strangers = rounds.next()
            #expect(strangers.count == 4)
            for index in 0..<3 {
                rounds.peers[index].isInterested = true
                rounds.peers[index].downRate = 0
            }
            let served = rounds.next()
            #expect(served.isSuperset(of: [0, 1, 2]))
            #expect(served.intersection(strangers).count == 1, "one stranger is tried to the end")
        }
    }

    @Test func `an optimist that does not take what it is offered makes room sooner`() throws {
        let rounds = try ChokerDriver("tit-for-tat", peers: 6, slots: 2)
        rounds.peers[0].downRate = 1000
        let first = rounds.next().subtracting([0])
        #expect(rounds.next().subtracting([0]) == first)
        #expect(rounds.next().subtracting([0]) != first, "after fifteen seconds")
    }
}
