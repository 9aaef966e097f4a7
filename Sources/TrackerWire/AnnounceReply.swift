// SPDX-License-Identifier: Apache-2.0

/// One of the two things an announce is answered with. `init(decoding:)` reads it, `encoded` writes it.
package enum AnnounceReply: Hashable, Sendable {
    /// Peers and an interval.
    case accepted(AnnounceResponse)
    /// A failure reason.
    case refused(TrackerRefusal)
}
