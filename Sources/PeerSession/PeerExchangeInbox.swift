// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How often one peer may tell of others (BEP 11): once a minute, a few times more at the beginning or after a pause.
package struct PeerExchangeInbox: Sendable, BitwiseCopyable {
    /// Half of what a peer may take between two messages: clocks differ.
    static let recovery = Interval.seconds(30)
    static let capacity: Int64 = 4

    private var level = Self.capacity
    private var updated: Instant

    /// A peer that has told nothing yet.
    package init(at now: Instant) {
        self.updated = now
    }

    /// A message has come: whether it is to be heeded.
    package mutating func admit(at now: Instant) -> Bool {
        let gained = (now - self.updated).nanoseconds / Self.recovery.nanoseconds
        if gained > 0 {
            self.level = min(Self.capacity, self.level + gained)
            self.updated = now
        }
        guard self.level > 0 else { return false }
        self.level -= 1
        return true
    }
}
