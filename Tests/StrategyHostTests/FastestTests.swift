// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct FastestTests {
    @Test func `those that send fastest are served, and one slot is lent in turn`() throws {
        let driver = try ChokerDriver("fastest", peers: 6, slots: 3)
        driver.peers[4].downRate = 400
        driver.peers[5].downRate = 500
        let lent = (0..<12).map { _ in driver.next().subtracting([4, 5]) }
        let expected: [Set<Int>] = [[0], [1], [2], [3]]
        #expect(lent == expected.flatMap { Array(repeating: $0, count: 3) })
    }

    @Test func `one that proves faster keeps its slot, and the slowest loses it`() throws {
        let driver = try ChokerDriver("fastest", peers: 4, slots: 2)
        driver.peers[3].downRate = 100
        #expect(driver.next() == [0, 3])
        driver.peers[0].downRate = 900
        for _ in 0..<6 { #expect(driver.next().contains(0)) }
    }

    @Test func `a seed serves those that take fastest`() throws {
        let driver = try ChokerDriver("fastest", peers: 5, slots: 3)
        driver.isSeeding = true
        for index in 0..<5 {
            driver.peers[index].upRate = Double(index)
            driver.peers[index].downRate = 100 - Double(index)
        }
        for _ in 0..<9 { #expect(driver.next().isSuperset(of: [3, 4])) }
    }

    @Test func `with slots enough everybody who asks is served`() throws {
        let driver = try ChokerDriver("fastest", peers: 3, slots: 3)
        driver.peers[0].downRate = 5
        #expect(driver.next() == [0, 1, 2])
    }

    @Test func `nobody known, slots go round`() throws {
        let driver = try ChokerDriver("fastest", peers: 4, slots: 2, options: ["probe-interval": "10"])
        #expect((0..<3).map { _ in driver.next() } == [[0, 1], [2, 3], [0, 1]])
    }

    @Test func `the holder that sends fastest is asked`() throws {
        let driver = try ChokerDriver("fastest", peers: 5, slots: 2)
        #expect(driver.holder(of: [2, 3]) == 2)
        driver.peers[3].downRate = 10
        driver.peers[0].downRate = 20
        #expect(driver.holder(of: [2, 3]) == 3)
        #expect(driver.holder(of: [2, 3, 0]) == 0)
    }
}
