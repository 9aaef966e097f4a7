// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// What every choker that ships must keep to, whatever happens.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct ChokerModelTests {
    @Test(arguments: ["tit-for-tat", "round-robin", "fastest"], UInt64(1)...4)
    func `slots are never exceeded nor left empty while somebody waits`(_ name: String, _ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let driver = try ChokerDriver(name, peers: 30, slots: 4, seed: seed)
        for round in 0..<400 {
            driver.slots = Int(random.next(below: 9))
            driver.isSeeding = random.next(below: 4) == 0
            for _ in 0..<6 { self.change(&driver.peers[Int(random.next(below: 30))], driver.now, &random) }
            let waiting = driver.peers.indices.filter { driver.peers[$0].isInterested }
            let served = driver.next(seconds: Int64(1 + random.next(below: 10)))
            // Tit-for-tat leaves slots free that nobody takes anything in.
            let awake = waiting.filter { driver.peers[$0].upRate > 0 || driver.peers[$0].downRate > 0 }
            let least = name == "tit-for-tat" ? awake.count : waiting.count
            #expect(served.count <= driver.slots, "seed \(seed), round \(round)")
            #expect(served.count >= min(driver.slots, least), "seed \(seed), round \(round)")
            #expect(served.isSubset(of: waiting), "seed \(seed), round \(round)")
        }
        #expect(driver.choker.name == name, "no fault")
    }

    @Test(arguments: ["round-robin", "fastest"], UInt64(1)...4)
    func `the holder chosen is one of them`(_ name: String, _ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let driver = try ChokerDriver(name, peers: 30, slots: 4, seed: seed)
        #expect(driver.choker.choosesHolders)
        for _ in 0..<400 {
            self.change(&driver.peers[Int(random.next(below: 30))], driver.now, &random)
            let holders = (0..<30).filter { _ in random.next(below: 3) == 0 }
            guard holders.count > 1 else { continue }
            let chosen = try #require(driver.holder(of: holders))
            #expect(holders.contains(chosen), "seed \(seed)")
        }
        #expect(driver.choker.name == name, "no fault")
    }

    @Test func `tit-for-tat leaves pieces where they are`() throws {
        #expect(try !ChokerDriver("tit-for-tat", peers: 2, slots: 2).choker.choosesHolders)
    }

    private func change(_ peer: inout ChokePeer, _ now: Instant, _ random: inout SplitMix64) {
        switch random.next(below: 6) {
        case 0: peer.isInterested.toggle()
        case 1: peer.isSnubbed.toggle()
        case 2: peer.isNewcomer.toggle()
        case 3: peer.downRate = Double(random.next(below: 4)) * 1000
        case 4: peer.upRate = Double(random.next(below: 4)) * 1000
        default:
            peer = ChokePeer(slot: peer.slot, serial: peer.serial + 100, joinedAt: now)
            peer.isInterested = true
        }
    }
}
