// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// The real library, through the real interface.
@Suite(.enabled(if: Fixture.hasPlugins, "the plugins are not built beside the test bundle"))
struct RandomPickerTests {
    @Test func `all that a peer has are about equally likely`() throws {
        let driver = try PickerDriver("random", pieces: 40, seed: 7)
        let has = driver.bits(0..<20)
        var counts = Array(repeating: 0, count: 40)
        for _ in 0..<4000 { counts[try #require(driver.pick(has).first)] += 1 }
        #expect(counts[..<20].allSatisfy { $0 > 100 && $0 < 320 }, "200 each of \(counts)")
        #expect(counts[20...].allSatisfy { $0 == 0 })
    }

    @Test func `everything is picked once, in another order for each seed`() throws {
        var orders: Set<[Int]> = []
        for seed in 1...5 {
            let driver = try PickerDriver("random", seed: UInt64(seed))
            let order = driver.take(200, from: driver.all)
            #expect(order.sorted() == Array(0..<100))
            let same = try PickerDriver("random", seed: UInt64(seed))
            #expect(same.take(200, from: same.all) == order)
            orders.insert(order)
        }
        #expect(orders.count == 5)
    }

    @Test func `a few pieces among very many are all found`() throws {
        for tellsSummary in [true, false] {
            let driver = try PickerDriver("random", pieces: 20_000)
            driver.tellsSummary = tellsSummary
            #expect(Set(driver.take(9, from: driver.bits([3, 9_000, 19_999]))) == [3, 9_000, 19_999])
        }
    }

    @Test func `higher priorities come first`() throws {
        let driver = try PickerDriver("random")
        driver.prioritize(6, 40..<50)
        driver.prioritize(2, 0..<40)
        #expect(Set(driver.take(10, from: driver.all)) == Set(40..<50))
        #expect(Set(driver.take(50, from: driver.all)) == Set(50..<100))
        #expect(Set(driver.take(99, from: driver.all)) == Set(0..<40))
    }
}
