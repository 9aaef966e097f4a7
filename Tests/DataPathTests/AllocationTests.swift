// SPDX-License-Identifier: Apache-2.0

import CAllocations
import Logging
import StrategyHost
import SwarmModel
import Testing

/// Memory is asked for when things begin, not for every block.
@Suite struct AllocationTests {
    private static let host = StrategyHost(
        clock: .stopped, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    private static let hasPlugins: Bool = {
        let names = Self.host.installed().strategies.map(\.name)
        return ["rarest-first", "sequential", "deadline", "random", "tit-for-tat"].allSatisfy(names.contains)
    }()

    @Test func `asking for memory is counted`() {
        let before = callocations_of_thread()
        var arrays: [[Int]] = []
        for count in 1...100 { arrays.append(Array(repeating: count, count: count)) }
        #expect(arrays.count == 100)
        #expect(callocations_of_thread() - before >= 100)
    }

    @Test(
        .enabled(if: Self.hasPlugins, "the plugins are not built beside the test bundle"),
        arguments: ["rarest-first", "sequential", "random", "deadline"])
    func `from request to stored block no memory is asked for`(_ picker: String) throws {
        let geometry = try #require(Exchange.geometry)
        let exchange = try Exchange(picker: picker, host: Self.host, geometry: geometry)
        // Windows open, tables and buffers find their sizes.
        exchange.run(blocks: 20_000)
        exchange.forgetCounts()
        exchange.run(blocks: 20_000)
        let counts = exchange.counts
        try #require(counts.blocks >= 20_000 && counts.pieces >= 1_200, "\(counts)")
        #expect(counts.requesting == 0, "\(counts)")
        #expect(counts.serving == 0, "\(counts)")
        #expect(counts.receiving == 0, "\(counts)")
        #expect(counts.completing == 0, "\(counts)")
    }
}
