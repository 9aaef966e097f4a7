// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many pieces of the metadata one peer is given (BEP 9): all of them twice, and then one now and then, so that nobody
/// can have us send the same for ever.
package struct MetadataAllowance: Sendable, BitwiseCopyable {
    /// One piece more may be had after so long.
    package static let recovery = Interval.milliseconds(250)

    private let capacity: Int64
    private var level: Int64
    private var updated: Instant

    /// What a peer may have of metadata with so many pieces.
    package init(pieceCount: Int, at now: Instant) {
        self.capacity = Int64(pieceCount) * 2 + 8
        self.level = self.capacity
        self.updated = now
    }

    /// Takes one piece out; false when none is left.
    package mutating func take(at now: Instant) -> Bool {
        let gained = (now - self.updated).nanoseconds / Self.recovery.nanoseconds
        if gained > 0 {
            self.level = min(self.capacity, self.level + gained)
            self.updated = now
        }
        guard self.level > 0 else { return false }
        self.level -= 1
        return true
    }
}
