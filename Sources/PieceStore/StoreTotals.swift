// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bytes since the start, for metrics.
package struct StoreTotals: Hashable, Sendable {
    /// Read from files.
    package let read: Int
    /// Written to files.
    package let written: Int
    /// Hashed.
    package let hashed: Int
}

/// The live counters.
final class StoreStatistics: Sendable {
    let read = Atomic<Int>(0)
    let written = Atomic<Int>(0)
    let hashed = Atomic<Int>(0)

    var totals: StoreTotals {
        StoreTotals(
            read: self.read.load(ordering: .relaxed), written: self.written.load(ordering: .relaxed),
            hashed: self.hashed.load(ordering: .relaxed))
    }
}
