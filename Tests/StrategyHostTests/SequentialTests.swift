// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct SequentialTests {
    @Test func `pieces are picked in their order`() throws {
        let driver = try PickerDriver("sequential")
        #expect(driver.take(200, from: driver.all) == Array(0..<100))
        #expect(driver.pick(driver.all).isEmpty)
    }

    @Test func `what a peer lacks is passed over, what came back is next`() throws {
        let driver = try PickerDriver("sequential")
        #expect(driver.take(3, from: driver.bits([5, 63, 64, 99])) == [5, 63, 64])
        #expect(driver.take(2, from: driver.all) == [0, 1])
        driver.set(.wanted, [0])
        driver.set(.unwanted, [2])
        #expect(driver.take(2, from: driver.all) == [0, 3])
    }

    @Test func `several are the next ones`() throws {
        let driver = try PickerDriver("sequential")
        driver.set(.have, [1])
        #expect(driver.pick(driver.bits([0, 1, 70, 71, 99]), 3) == [0, 70, 71])
        #expect(driver.pick(driver.bits([98]), 3) == [98])
    }

    @Test func `higher priorities come before, each in order`() throws {
        let driver = try PickerDriver("sequential")
        driver.prioritize(7, [80, 90])
        driver.prioritize(6, [85])
        driver.prioritize(1, [0])
        #expect(driver.pick(driver.all, 5) == [80, 90, 85, 1, 2])
        #expect(driver.take(100, from: driver.all).last == 0)
    }

    @Test func `the next of very many is found with a summary and without`() throws {
        for tellsSummary in [true, false] {
            let driver = try PickerDriver("sequential", pieces: 10_000)
            driver.tellsSummary = tellsSummary
            driver.set(.have, 0..<9000)
            #expect(driver.take(9, from: driver.bits([17, 9_001, 9_700, 9_999])) == [9_001, 9_700, 9_999])
        }
    }
}
