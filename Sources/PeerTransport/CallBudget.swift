// SPDX-License-Identifier: Apache-2.0

/// How long a call to a plugin may take, and who is to blame for a longer one: a plugin that computes or waits, not one
/// whose thread was kept from the processor by a busy machine.
package enum CallBudget {
    /// Nanoseconds that a decision may take.
    package static let nanoseconds: UInt64 = 10_000_000
    /// Nanoseconds more for each piece, for a call that may tell of all of them.
    package static let nanosecondsPerPiece: UInt64 = 1_000
    /// Nanoseconds more for each byte that a transport is given.
    static let nanosecondsPerByte: UInt64 = 20
    /// Nanoseconds that a transport may take for a call until the connection is open: keys are agreed on then.
    static let nanosecondsOfHandshake: UInt64 = 100_000_000
    /// Decisions that are watched closely after one that took longer. Asking the kernel what a thread has used costs
    /// more than most decisions, so that it is not done for each.
    package static let watchedCalls = 256

    /// What the plugin did wrong in a call that took `elapsed` nanoseconds and used this meanwhile, where it might have taken
    /// `limit`; nil when it did nothing wrong.
    package static func fault(
        elapsed: UInt64, used: ThreadUsage, within limit: UInt64 = Self.nanoseconds
    ) -> String? {
        guard elapsed > limit else { return nil }
        let allowed = "where \(limit / 1_000_000) ms are allowed"
        if used.processor > Int64(clamping: limit) {
            return "computed for \(used.processor / 1_000_000) ms \(allowed)"
        }
        // Memory that was swapped out is the machine's affair, too.
        guard used.waits > used.pageReads else { return nil }
        return "waited in a call that took \(elapsed / 1_000_000) ms \(allowed)"
    }
}
