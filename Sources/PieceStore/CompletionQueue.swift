// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// Carries finished jobs to one event loop: jobs that end close together cost one wake-up.
final class CompletionQueue: Sendable {
    private struct State {
        var pending: [@Sendable () -> Void] = []
        var isScheduled = false
    }

    private let loop: any EventLoop
    private let state = Mutex(State())

    init(loop: any EventLoop) {
        self.loop = loop
    }

    /// Runs `completion` on the loop.
    func deliver(_ completion: @escaping @Sendable () -> Void) {
        let isFirst = self.state.withLock { state in
            state.pending.append(completion)
            guard !state.isScheduled else { return false }
            state.isScheduled = true
            return true
        }
        if isFirst { self.loop.execute { self.drain() } }
    }

    private func drain() {
        let ready = self.state.withLock { state in
            state.isScheduled = false
            var taken: [@Sendable () -> Void] = []
            swap(&taken, &state.pending)
            return taken
        }
        for completion in ready { completion() }
    }
}
