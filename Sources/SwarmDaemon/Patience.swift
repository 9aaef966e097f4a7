// SPDX-License-Identifier: Apache-2.0

/// Waits for what cannot be called off, but not for ever.
enum Patience {
    /// Returns when `work` has ended or `limit` has passed, whichever comes first, and tells whether it was the work.
    /// Work that takes longer goes on by itself.
    static func wait(atMost limit: Duration, for work: @escaping @Sendable () async -> Void) async -> Bool {
        let (first, outcome) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingOldest(1))
        Task {
            await work()
            outcome.yield(true)
        }
        let timer = Task {
            try? await Task.sleep(for: limit)
            outcome.yield(false)
        }
        defer { timer.cancel() }
        // Not the caller's cancellation: whoever waits for an end is on the way out already.
        return await Task { await first.first { _ in true } ?? false }.value
    }
}
