// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One deadline a key, the earliest at hand: a binary heap in which a changed key leaves its old entry behind, to be
/// skipped when it surfaces. Changes take O(log n).
package struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
    private var heap: [(time: Instant, key: Key)] = []
    private var times: [Key: Instant] = [:]

    /// No deadlines.
    package init() {}

    /// Stale entries that are borne before the heap is made anew.
    private static var staleAllowance: Int { 64 }

    /// Keys that have a deadline.
    package var count: Int { self.times.count }

    /// Sets, moves or, for nil, removes a key's deadline.
    package mutating func set(_ key: Key, to time: Instant?) {
        guard self.times[key] != time else { return }
        self.times[key] = time
        guard let time else { return }
        self.heap.append((time, key))
        self.siftUp(self.heap.count - 1)
        if self.heap.count > 2 * self.times.count + Self.staleAllowance { self.rebuild() }
    }

    /// The earliest deadline.
    package mutating func earliest() -> Instant? {
        self.dropStale()
        return self.heap.first?.time
    }

    /// Removes and returns the key with the earliest deadline, when that is not after `now`.
    package mutating func popDue(at now: Instant) -> Key? {
        self.dropStale()
        guard let first = self.heap.first, first.time <= now else { return nil }
        self.removeFirst()
        self.times[first.key] = nil
        return first.key
    }

    private mutating func dropStale() {
        while let first = self.heap.first, self.times[first.key] != first.time { self.removeFirst() }
    }

    private mutating func rebuild() {
        self.heap = self.times.map { (time: $0.value, key: $0.key) }.sorted { $0.time < $1.time }
    }

    private mutating func removeFirst() {
        self.heap.swapAt(0, self.heap.count - 1)
        self.heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < self.heap.count && self.heap[child].time < self.heap[least].time {
                least = child
            }
            guard least != parent else { return }
            self.heap.swapAt(parent, least)
            parent = least
        }
    }

    private mutating func siftUp(_ index: Int) {
        var child = index
        while child > 0, self.heap[child].time < self.heap[(child - 1) / 2].time {
            self.heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}
