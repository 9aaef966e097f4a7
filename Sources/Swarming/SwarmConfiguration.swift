// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What may be tuned of one torrent's machine. May be changed while it runs.
package struct SwarmConfiguration: Hashable, Sendable {
    /// Pieces that may be under way at a time, hashing and writing included: each holds a piece's buffer.
    package var maximumOpenPieces = 64
    /// How many interested peers are served at a time.
    package var uploadSlots = UploadSlots.fixed(8)
    /// How many peers may be asked for the same block in the endgame: 1 (no endgame) to 3. When all of these are silent,
    /// one more is, up to three.
    package var maximumRequestsPerBlock = 2
    /// Time between two choke rounds (BEP 3).
    package var chokeInterval = Interval.seconds(10)
    /// After how long without a block a peer that we want something from counts as snubbing us.
    package var snubTime = Interval.seconds(60)

    /// The values above.
    package init() {}
}
