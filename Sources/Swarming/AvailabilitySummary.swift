// SPDX-License-Identifier: Apache-2.0

/// How well connected peers cover the torrent, ourselves not counted.
package struct AvailabilitySummary: Hashable, Sendable, BitwiseCopyable {
    /// Holders of the rarest piece.
    package let minimum: Int
    /// Whole copies among the peers: `minimum`, and the share of pieces that have more holders than that.
    package let distributedCopies: Double

    /// States a summary.
    package init(minimum: Int, distributedCopies: Double) {
        self.minimum = minimum
        self.distributedCopies = distributedCopies
    }
}
