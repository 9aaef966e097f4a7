// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets the jobs of one torrent run side by side, and now and then one alone: jobs asked for after an exclusive one
/// wait for it, and it waits for those asked for before.
final class OperationGate: Sendable {
    typealias Job = @Sendable () -> Void

    private struct State {
        var running = 0
        var isExclusive = false
        /// Jobs in order of arrival, from the first exclusive one on.
        var held = Fifo<(job: Job, isExclusive: Bool)>()
    }

    private let state = Mutex(State())

    /// Starts `job` now or when those before it allow. `job` starts the work; its end is told to `leave`.
    func enter(exclusive: Bool = false, _ job: @escaping Job) {
        let startsNow = self.state.withLock { state in
            let isFree = !state.isExclusive && state.held.isEmpty && (!exclusive || state.running == 0)
            guard isFree else {
                state.held.append((job, exclusive))
                return false
            }
            state.running += 1
            state.isExclusive = exclusive
            return true
        }
        if startsNow { job() }
    }

    /// A job that was started has ended.
    func leave() {
        let ready = self.state.withLock { state -> [Job] in
            state.running -= 1
            if state.running == 0 { state.isExclusive = false }
            var ready: [Job] = []
            while !state.isExclusive, let next = state.held.first, !next.isExclusive || state.running == 0 {
                _ = state.held.popFirst()
                state.running += 1
                state.isExclusive = next.isExclusive
                ready.append(next.job)
            }
            return ready
        }
        for job in ready { job() }
    }
}
