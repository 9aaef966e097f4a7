// SPDX-License-Identifier: Apache-2.0

/// How long a call to a plugin may take, and who is to blame for a longer one: a plugin that computes or waits, not one
/// whose thread was kept from the processor by a busy machine.
enum CallBudget {
    /// Nanoseconds that a call may take.
    static let nanoseconds: UInt64 = 10_000_000
    /// Decisions that are watched closely after one that took longer. Asking the kernel what a thread has used costs
    /// more than most decisions, so that it is not done for each.
    static let watchedCalls = 256

    /// What the plugin did wrong in a call that took `elapsed` nanoseconds and used this meanwhile; nil when it did not.
    static func fault(elapsed: UInt64, used: ThreadUsage) -> String? {
        guard elapsed > Self.nanoseconds else { return nil }
        let allowed = "where \(Self.nanoseconds / 1_000_000) ms are allowed"
        if used.processor > Int64(Self.nanoseconds) {
            return "computed for \(used.processor / 1_000_000) ms \(allowed)"
        }
        // Memory that was swapped out is the machine's affair, too.
        guard used.waits > used.pageReads else { return nil }
        return "waited in a call that took \(elapsed / 1_000_000) ms \(allowed)"
    }
}
