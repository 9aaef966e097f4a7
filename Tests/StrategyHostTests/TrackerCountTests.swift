// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// What a tracker counted, told to the real libraries.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct TrackerCountTests {
    private static func driver(_ pieces: Int = 100) throws -> PickerDriver {
        let driver = try PickerDriver("rarest-first", pieces: pieces, options: ["random-first": "0"])
        driver.gain(driver.all)
        return driver
    }

    @Test func `of pieces that as many peers have, the one that is rarest in the swarm is picked`() throws {
        let driver = try Self.driver()
        var counts = Array(repeating: UInt32(50), count: 100)
        counts[42] = 3
        driver.tell(counts)
        #expect(driver.pick(driver.all) == [42])
        counts[42] = 60
        counts[17] = 49
        driver.tell(counts)
        #expect(driver.pick(driver.all) == [17])
    }

    @Test func `part of the counts may be told anew`() throws {
        let driver = try Self.driver()
        driver.tell(Array(repeating: 1000, count: 100))
        driver.tell([90_000, 800, 900], from: 70)
        #expect(driver.take(3, from: driver.all).prefix(2) == [71, 72])
        driver.tell([5], from: 99)
        #expect(driver.pick(driver.all) == [99])
    }

    @Test func `a piece that connected peers have is no rarer for what the tracker did not hear of`() throws {
        let driver = try Self.driver()
        var counts = Array(repeating: UInt32(4), count: 100)
        counts[0] = 0
        driver.tell(counts)
        for _ in 0..<9 { driver.picker.pieceGained(PieceIndex(0)) }
        driver.set(.have, 50..<100)
        #expect(driver.take(50, from: driver.all).last == 0)
    }

    @Test func `great counts are told apart`() throws {
        let driver = try Self.driver()
        driver.tell((0..<100).map { UInt32(64_000 - 640 * $0) })
        let order = driver.take(100, from: driver.all)
        #expect(order.first.map { $0 >= 97 } == true)
        #expect(order.prefix(50).allSatisfy { $0 >= 40 })
    }

    @Test func `the built-in picker goes by them too`() {
        let picker = RarestPicker(pieceCount: 100, random: SplitMix64(seed: 1))
        var counts = Array(repeating: UInt32(9), count: 100)
        counts[63] = 2
        counts.withUnsafeBufferPointer { picker.setTrackerCounts(PieceIndex(0), $0) }
        let all = Bitfield(count: 100, filled: true)
        let peer = PickerPeer(slot: 0, haveCount: 100, downRate: 0, now: Instant(nanoseconds: 0))
        let picked = all.words.withUnsafeBufferPointer { words in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) {
                picker.pick(for: peer, having: words, into: $0) == 1 ? $0[0] : nil
            }
        }
        #expect(picked == 63)
    }
}
