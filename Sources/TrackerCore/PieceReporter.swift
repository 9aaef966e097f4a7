// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A peer that reports its pieces: forty-eight bytes beside its row of bits and its sketch.
struct PieceReporter: BitwiseCopyable {
    /// Where it is reached.
    var endpoint: PeerEndpoint
    /// As in `PeerRecord`.
    var identity: UInt32
    /// Of its last report.
    var sequence: UInt32 = 0
    /// Pieces in its row.
    var count: UInt32 = 0
    /// As in `PieceChecksum`.
    var mixed: UInt32 = 0
    /// Seconds of the tracker's clock after which it counts as gone.
    var deadline: UInt32 = 0
    /// Where it stands in the list of those that are there; `.max` where the slot is free.
    var place = UInt32.max

    var isHere: Bool { self.place != .max }
}
