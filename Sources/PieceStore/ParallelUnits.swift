// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Works off numbered units on several of the store's threads: each runner does one unit and queues itself again at the
/// end, so that whatever is urgent, and other such work, comes between.
final class ParallelUnits: Sendable {
    private struct State {
        var next = 0
        var running: Int
    }

    private let count: Int
    private let state: Mutex<State>
    private let enqueue: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let unit: @Sendable (Int) -> Bool
    private let end: @Sendable () -> Void

    /// `enqueue` queues a job; `unit` does one and says whether to go on; `end` is called once, when no unit runs and
    /// none will.
    init(
        count: Int, runners: Int, enqueue: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        unit: @escaping @Sendable (Int) -> Bool, end: @escaping @Sendable () -> Void
    ) {
        self.count = count
        self.state = Mutex(State(running: max(1, min(runners, count))))
        self.enqueue = enqueue
        self.unit = unit
        self.end = end
    }

    /// Starts the runners.
    func start() {
        for _ in 0..<self.state.withLock({ $0.running }) { self.step() }
    }

    private func step() {
        self.enqueue {
            if let index = self.takeUnit(), self.unit(index) { self.step() } else { self.endRunner() }
        }
    }

    private func takeUnit() -> Int? {
        self.state.withLock { state in
            guard state.next < self.count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func endRunner() {
        let isLast = self.state.withLock { state in
            state.running -= 1
            return state.running == 0
        }
        if isLast { self.end() }
    }
}
