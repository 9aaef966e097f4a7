// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets so many operations go on at a time; the others wait in the order in which they came.
final class TurnQueue: Sendable {
    /// Leave to go on, until `end` or until nobody holds it.
    final class Turn: Sendable {
        private let queue: TurnQueue
        private let isOver = Atomic(false)

        fileprivate init(_ queue: TurnQueue) {
            self.queue = queue
        }

        deinit { self.end() }

        /// Lets the next one go on. A second call does nothing.
        func end() {
            guard !self.isOver.exchange(true, ordering: .relaxed) else { return }
            self.queue.next()
        }
    }

    private struct State {
        var free: Int
        var nextNumber = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<Turn?, Never>)] = []
        /// Called off before they began to wait.
        var calledOff = Set<Int>()
    }

    private let state: Mutex<State>

    init(limit: Int) {
        self.state = Mutex(State(free: limit))
    }

    /// Waits for a turn. Throws when the task is cancelled before there is one.
    func take() async throws(CancellationError) -> Turn {
        let number = self.state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { self.wait(number, $0) }
        } onCancel: {
            self.callOff(number)
        }
        self.state.withLock { _ = $0.calledOff.remove(number) }
        guard let turn else { throw CancellationError() }
        return turn
    }

    private func wait(_ number: Int, _ continuation: CheckedContinuation<Turn?, Never>) {
        let answer = self.state.withLock { state -> Turn?? in
            if state.calledOff.contains(number) { return .some(nil) }
            guard state.free > 0 else {
                state.waiting.append((number, continuation))
                return nil
            }
            state.free -= 1
            return Turn(self)
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func callOff(_ number: Int) {
        let waiter = self.state.withLock { state in
            guard let place = state.waiting.firstIndex(where: { $0.number == number }) else {
                state.calledOff.insert(number)
                return CheckedContinuation<Turn?, Never>?.none
            }
            return state.waiting.remove(at: place).continuation
        }
        waiter?.resume(returning: nil)
    }

    private func next() {
        let waiter = self.state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return CheckedContinuation<Turn?, Never>?.none
            }
            return state.waiting.removeFirst().continuation
        }
        waiter?.resume(returning: Turn(self))
    }
}
