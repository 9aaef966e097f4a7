// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number of bytes that several threads share out among themselves.
package final class ByteBudget: Sendable {
    private let left: Atomic<Int>

    /// A budget of `limit` bytes.
    package init(limit: Int) {
        self.left = Atomic(limit)
    }

    /// Bytes nobody holds; below 0 when some were taken by force.
    package var available: Int { self.left.load(ordering: .relaxed) }

    /// Takes `count` bytes if there are as many.
    package func take(_ count: Int) -> Bool {
        guard self.left.subtract(count, ordering: .relaxed).newValue >= 0 else {
            self.left.add(count, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Takes `count` bytes even when there are fewer.
    package func takeAnyway(_ count: Int) { self.left.subtract(count, ordering: .relaxed) }

    /// Gives bytes back.
    package func giveBack(_ count: Int) { self.left.add(count, ordering: .relaxed) }
}
