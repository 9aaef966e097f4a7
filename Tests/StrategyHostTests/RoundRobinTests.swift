// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct RoundRobinTests {
    @Test func `all are served in turn, for half a minute each, whatever they give`() throws {
        let driver = try ChokerDriver("round-robin", peers: 6, slots: 2)
        driver.peers[5].downRate = 1e6
        let rounds = (0..<12).map { _ in driver.next() }
        let expected: [Set<Int>] = [[0, 1], [2, 3], [4, 5], [0, 1]]
        #expect(rounds == expected.flatMap { Array(repeating: $0, count: 3) })
    }

    @Test func `the turn is as long as it is told`() throws {
        let driver = try ChokerDriver("round-robin", peers: 3, slots: 1, options: ["turn": "10"])
        #expect((0..<6).map { _ in driver.next() } == [[0], [1], [2], [0], [1], [2]])
    }

    @Test func `nobody leaves a slot that nobody waits for`() throws {
        let driver = try ChokerDriver("round-robin", peers: 3, slots: 3)
        for _ in 0..<9 { #expect(driver.next() == [0, 1, 2]) }
        driver.peers[1].isInterested = false
        #expect(driver.next() == [0, 2])
    }

    @Test func `one that joins waits for those that were there before`() throws {
        let driver = try ChokerDriver("round-robin", peers: 4, slots: 1, options: ["turn": "10"])
        driver.peers[0].joinedAt = Instant(nanoseconds: 500)
        #expect((0..<5).map { _ in driver.next() } == [[1], [2], [3], [0], [1]])
    }

    @Test func `the first holder is one at random, then they are asked in turn`() throws {
        var firsts: Set<Int> = []
        for seed in 1...30 {
            let driver = try ChokerDriver("round-robin", peers: 5, slots: 2, seed: UInt64(seed))
            let first = try #require(driver.holder(of: [0, 1, 2, 3, 4]))
            firsts.insert(first)
            let next = (1...7).map { (first + $0) % 5 }
            #expect((1...7).map { _ in driver.holder(of: [3, 1, 0, 2, 4]) } == next)
        }
        #expect(firsts == [0, 1, 2, 3, 4])
    }

    @Test func `the next in turn that has the piece is asked`() throws {
        let driver = try ChokerDriver("round-robin", peers: 5, slots: 2)
        #expect(driver.holder(of: [2]) == 2)
        #expect(driver.holder(of: [0, 1, 4]) == 4)
        #expect(driver.holder(of: [2, 4, 3]) == 2)
    }
}
