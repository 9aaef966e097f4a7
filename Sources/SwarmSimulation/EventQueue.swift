// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What is to happen when: a binary heap. The earliest comes first; of two at the same instant the one that was put in
/// first, so that the order never depends on chance.
struct EventQueue {
    private struct Entry: BitwiseCopyable {
        var time: Int64
        var sequence: UInt64
        var event: SimulationEvent

        func precedes(_ other: Entry) -> Bool {
            self.time != other.time ? self.time < other.time : self.sequence < other.sequence
        }
    }

    private var heap: [Entry] = []
    private var sequence: UInt64 = 0

    var count: Int { self.heap.count }
    /// When the next event is due.
    var nextTime: Instant? { self.heap.first.map { Instant(nanoseconds: $0.time) } }

    mutating func push(_ event: SimulationEvent, at time: Instant) {
        self.sequence += 1
        let entry = Entry(time: time.nanoseconds, sequence: self.sequence, event: event)
        self.heap.append(entry)
        var hole = self.heap.count - 1
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard entry.precedes(self.heap[parent]) else { break }
            self.heap[hole] = self.heap[parent]
            hole = parent
        }
        self.heap[hole] = entry
    }

    mutating func pop() -> (time: Instant, event: SimulationEvent)? {
        guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
        if !self.heap.isEmpty { self.sift(last) }
        return (Instant(nanoseconds: first.time), first.event)
    }

    /// Puts `entry` in the place of the root, which is gone.
    private mutating func sift(_ entry: Entry) {
        let count = self.heap.count
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < count else { break }
            if child + 1 < count, self.heap[child + 1].precedes(self.heap[child]) { child += 1 }
            guard self.heap[child].precedes(entry) else { break }
            self.heap[hole] = self.heap[child]
            hole = child
        }
        self.heap[hole] = entry
    }
}
