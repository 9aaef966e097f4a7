// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Testing

@testable import SwarmSimulation

@Suite struct EventQueueTests {
    @Test(arguments: [UInt64(1), 2, 3])
    func `events come by time, and those of one instant as they were put in`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var queue = EventQueue()
        var expected: [(time: Int64, number: Int32)] = []
        for number in 0..<Int32(500) {
            let time = Int64(random.next(below: 40))
            queue.push(.action(number), at: Instant(nanoseconds: time))
            expected.append((time, number))
            if random.next(below: 3) == 0 { try self.take(&queue, &expected) }
        }
        while !expected.isEmpty { try self.take(&queue, &expected) }
        let nothing = queue.pop()
        #expect(nothing == nil)
        #expect(queue.count == 0)
    }

    private func take(_ queue: inout EventQueue, _ expected: inout [(time: Int64, number: Int32)]) throws {
        let first = try #require(expected.indices.min { expected[$0] < expected[$1] })
        let next = queue.pop()
        let popped = try #require(next)
        #expect(popped.time == Instant(nanoseconds: expected[first].time))
        #expect(popped.event == .action(expected[first].number))
        expected.remove(at: first)
    }
}
