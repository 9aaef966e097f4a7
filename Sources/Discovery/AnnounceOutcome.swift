// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerWire

/// What came of an announce.
package enum AnnounceOutcome: Sendable {
    /// The tracker answered.
    case accepted(AnnounceResponse)
    /// It did not, or refused; the reason is for people.
    case failed(reason: String, retry: Retry)

    /// When a failed tracker may be asked again.
    package enum Retry: Hashable, Sendable {
        /// The schedule's own growing wait.
        case backOff
        /// What the tracker asked for.
        case after(Interval)
        /// Not until somebody asks for it.
        case never
    }
}
