// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many hashes of file trees one peer is given (BEP 52): those of every piece a few times, and then as many a second as
/// nobody feels. What must be made from a piece's bytes counts as much as reading and hashing them costs.
package struct HashAllowance: Sendable, BitwiseCopyable {
    /// Hashes more in a second.
    package static let perSecond: Int64 = 2_048
    /// What a request costs besides its hashes.
    private static let perRequest: Int64 = 16
    /// A hash that is made from a block costs as many that are at hand.
    private static let perBlock: Int64 = 8

    private let capacity: Int64
    private var level: Int64
    private var updated: Instant

    /// What a peer may have of a torrent with so many pieces.
    package init(pieceCount: Int, at now: Instant) {
        self.capacity = Int64(pieceCount) * 4 + 65_536
        self.level = self.capacity
        self.updated = now
    }

    /// Takes a range out; false when that is too much now. `blocks` are those that must be read and hashed for it.
    package mutating func take(_ range: HashRange, blocks: Int, at now: Instant) -> Bool {
        let gained = (now - self.updated).nanoseconds / (1_000_000_000 / Self.perSecond)
        if gained > 0 {
            self.level = min(self.capacity, self.level + gained)
            self.updated = now
        }
        let cost = Self.perRequest + Int64(range.count) + Int64(blocks) * Self.perBlock
        guard self.level >= cost else { return false }
        self.level -= cost
        return true
    }
}
