// SPDX-License-Identifier: Apache-2.0

import PieceStore
import Synchronization

/// Lets so many operations go on at a time; the others wait. Those that have had no turn yet come first, in the order in
/// which they came, so that what is short is soon done; those that go on after a turn come between them, so that they are not
/// put off for ever.
final class TurnQueue: Sendable {
    /// Of so many turns, one goes to who has had one before, if anybody who has waits.
    static let shareOfReturns = 4

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

    private struct Waiter {
        let number: Int
        let continuation: CheckedContinuation<Turn?, Never>
    }

    private struct State {
        var going = 0
        var nextNumber = 0
        /// Numbers in the order in which they came; of some, the waiter has left.
        var newcomers = Fifo<Int>()
        var returning = Fifo<Int>()
        var waiting: [Int: Waiter] = [:]
        /// Newcomers that had their turn since one that returned had.
        var passed = 0
        /// Called off before they began to wait.
        var calledOff = Set<Int>()

        mutating func takeNext() -> Waiter? {
            let returns = self.passed >= TurnQueue.shareOfReturns - 1
            let first = returns ? self.takeReturning() : self.takeNewcomer()
            self.passed = first != nil && !returns ? self.passed + 1 : 0
            return first ?? (returns ? self.takeNewcomer() : self.takeReturning())
        }

        private mutating func takeNewcomer() -> Waiter? {
            while let number = self.newcomers.popFirst() {
                if let waiter = self.waiting.removeValue(forKey: number) { return waiter }
            }
            return nil
        }

        private mutating func takeReturning() -> Waiter? {
            while let number = self.returning.popFirst() {
                if let waiter = self.waiting.removeValue(forKey: number) { return waiter }
            }
            return nil
        }
    }

    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// How many go on, and how many wait.
    var counts: (going: Int, waiting: Int) { self.state.withLock { ($0.going, $0.waiting.count) } }

    /// Waits for a turn; `again` says that one was had before. Throws when the task is cancelled before there is one.
    func take(again: Bool = false) async throws(CancellationError) -> Turn {
        let number = self.state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let turn = await withTaskCancellationHandler {
            await withCheckedContinuation { self.wait(Waiter(number: number, continuation: $0), again: again) }
        } onCancel: {
            self.callOff(number)
        }
        self.state.withLock { _ = $0.calledOff.remove(number) }
        guard let turn else { throw CancellationError() }
        return turn
    }

    private func wait(_ waiter: Waiter, again: Bool) {
        let answer = self.state.withLock { state -> Turn?? in
            if state.calledOff.contains(waiter.number) { return .some(nil) }
            guard state.going < self.limit else {
                state.waiting[waiter.number] = waiter
                if again { state.returning.append(waiter.number) } else { state.newcomers.append(waiter.number) }
                return nil
            }
            state.going += 1
            return Turn(self)
        }
        if let answer { waiter.continuation.resume(returning: answer) }
    }

    private func callOff(_ number: Int) {
        let waiter = self.state.withLock { state in
            guard let waiter = state.waiting.removeValue(forKey: number) else {
                state.calledOff.insert(number)
                return Waiter?.none
            }
            return waiter
        }
        waiter?.continuation.resume(returning: nil)
    }

    private func next() {
        let waiter = self.state.withLock { state in
            let next = state.takeNext()
            if next == nil { state.going -= 1 }
            return next
        }
        waiter?.continuation.resume(returning: Turn(self))
    }
}
