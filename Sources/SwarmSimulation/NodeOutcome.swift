// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What became of one node.
package struct NodeOutcome: Hashable, Sendable {
    /// Its number.
    package let node: Int
    /// Whether it had every piece when it came.
    package let isSeed: Bool
    /// When it came.
    package internal(set) var joinedAt: Instant
    /// When it had every piece; nil when it never had, or had them from the beginning.
    package internal(set) var completedAt: Instant?
    /// When it went.
    package internal(set) var leftAt: Instant?
    /// When each piece was stored.
    package internal(set) var pieceTimes: [Instant?]
    /// Payload bytes that came, all of them.
    package internal(set) var downloaded: UInt64 = 0
    /// Payload bytes that came in vain: had already, not waited for any more, or of a piece that failed its hash.
    package internal(set) var wasted: UInt64 = 0
    /// Payload bytes that went out.
    package internal(set) var uploaded: UInt64 = 0
    /// Those of them that went out before it had every piece.
    package internal(set) var uploadedBefore: UInt64 = 0
    /// Pieces that did not match their hash.
    package internal(set) var hashFailures = 0
    /// How often a peer's silence was noticed.
    package internal(set) var snubs = 0
    /// How often its disk failed and was waited for.
    package internal(set) var suspensions = 0
    /// Nodes that it found out.
    package internal(set) var banned: [Int] = []

    init(node: Int, isSeed: Bool, joinedAt: Instant, pieceCount: Int) {
        self.node = node
        self.isSeed = isSeed
        self.joinedAt = joinedAt
        self.pieceTimes = Array(repeating: nil, count: pieceCount)
    }

    /// From coming to having every piece.
    package var duration: Interval? { self.completedAt.map { $0 - self.joinedAt } }
}
