// SPDX-License-Identifier: Apache-2.0

import Discovery
import SwarmModel
import Testing

@Suite struct DeadlineQueueTests {
    @Test func `it agrees with a plain table under any changes`() {
        var random = SplitMix64(seed: 5)
        var queue = DeadlineQueue<Int>()
        var table: [Int: Instant] = [:]
        for step in 0..<20_000 {
            let key = Int(random.next(below: 200))
            let time = random.next(below: 4) == 0 ? nil : Instant(nanoseconds: Int64(random.next(below: 10_000)))
            queue.set(key, to: time)
            table[key] = time
            guard step % 3 == 0 else { continue }
            #expect(queue.earliest() == table.values.min())
            #expect(queue.count == table.count)
            let now = Instant(nanoseconds: Int64(random.next(below: 2_000)))
            if let popped = queue.popDue(at: now) {
                #expect(table[popped] == table.values.min() && table[popped].map { $0 <= now } == true)
                table[popped] = nil
            } else {
                #expect(table.values.allSatisfy { $0 > now })
            }
        }
    }
}
