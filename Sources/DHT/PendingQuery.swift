// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A query of ours that may be answered.
struct PendingQuery: Sendable {
    /// What the answer is for.
    enum Purpose: Sendable {
        /// Whether a node is there.
        case presence
        /// A step of a walk.
        case step(lookup: Int)
        /// An announce.
        case announce
    }

    /// When another node is asked beside a silent one, and when that is given up.
    static let lateAfter = Interval.milliseconds(1_500)
    static let deadAfter = Interval.seconds(6)

    let endpoint: PeerEndpoint
    /// Who is expected there.
    let id: NodeID?
    let purpose: Purpose
    let sent: Instant
}
