// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What a thread has used of the machine, at one moment or between two.
package struct ThreadUsage: Hashable, Sendable {
    /// Nanoseconds of the processor.
    package var processor: Int64 = 0
    /// How often it gave the processor away to wait for something.
    package var waits: Int64 = 0
    /// Of those, for pages of memory that had to be read from disk.
    package var pageReads: Int64 = 0

    /// Used this much.
    package init(processor: Int64 = 0, waits: Int64 = 0, pageReads: Int64 = 0) {
        self.processor = processor
        self.waits = waits
        self.pageReads = pageReads
    }

    /// The calling thread, until now.
    package static func now() -> ThreadUsage {
        var usage = ThreadUsage()
        _ = clinux_thread_usage(&usage.processor, &usage.waits, &usage.pageReads)
        return usage
    }

    /// What was used since `start`.
    package func since(_ start: ThreadUsage) -> ThreadUsage {
        ThreadUsage(
            processor: self.processor - start.processor, waits: self.waits - start.waits,
            pageReads: self.pageReads - start.pageReads)
    }
}
