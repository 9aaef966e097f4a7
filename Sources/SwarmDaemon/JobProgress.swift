// SPDX-License-Identifier: Apache-2.0

import NIOConcurrencyHelpers

/// How far a long operation is, in bytes; written by whoever works, read by whoever asks.
final class JobProgress: Sendable {
    private let state = NIOLockedValueBox((done: 0, total: 0))
    private let verdict = NIOLockedValueBox<(good: Int, lost: Int)?>(nil)
    private let calledOff = NIOLockedValueBox(false)
    private let waiting = NIOLockedValueBox(false)

    /// Bytes that are done.
    var done: Int { self.state.withLockedValue { $0.done } }
    /// Bytes there are; 0 while unknown.
    var total: Int { self.state.withLockedValue { $0.total } }

    /// Whether somebody does not want it any more.
    var isCancelled: Bool { self.calledOff.withLockedValue { $0 } }

    /// Whether it waits until others leave it a turn.
    var isWaiting: Bool {
        get { self.waiting.withLockedValue { $0 } }
        set { self.waiting.withLockedValue { $0 = newValue } }
    }

    func cancel() {
        self.calledOff.withLockedValue { $0 = true }
    }

    /// What a verification found: pieces that are right, and pieces that were thought to be.
    var found: (good: Int, lost: Int)? { self.verdict.withLockedValue { $0 } }

    func set(good: Int, lost: Int) {
        self.verdict.withLockedValue { $0 = (good, lost) }
    }

    func set(done: UInt64, total: UInt64) {
        self.state.withLockedValue { $0 = (Int(clamping: done), Int(clamping: total)) }
    }
}
