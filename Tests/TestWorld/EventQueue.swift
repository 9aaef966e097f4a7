// SPDX-License-Identifier: Apache-2.0

/// Things that will happen in a made-up network, the earliest first; of two at the same time the one that was added first.
package struct EventQueue<Time: Comparable, Thing> {
    private var heap: [(time: Time, order: Int, thing: Thing)] = []
    private var count = 0

    /// Nothing will happen.
    package init() {}

    /// When the next thing happens.
    package var nextTime: Time? { self.heap.first?.time }

    /// Has a thing happen at a time.
    package mutating func add(_ thing: Thing, at time: Time) {
        self.heap.append((time, self.count, thing))
        self.count += 1
        var index = self.heap.count - 1
        while index > 0, self.isEarlier(index, (index - 1) / 2) {
            self.heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Takes out what happens next.
    package mutating func removeFirst() -> Thing? {
        guard let first = self.heap.first else { return nil }
        let last = self.heap.removeLast()
        guard !self.heap.isEmpty else { return first.thing }
        self.heap[0] = last
        var index = 0
        while true {
            var least = index
            for child in [2 * index + 1, 2 * index + 2] where child < self.heap.count && self.isEarlier(child, least) {
                least = child
            }
            guard least != index else { return first.thing }
            self.heap.swapAt(index, least)
            index = least
        }
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        (self.heap[left].time, self.heap[left].order) < (self.heap[right].time, self.heap[right].order)
    }
}
