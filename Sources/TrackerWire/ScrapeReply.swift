// SPDX-License-Identifier: Apache-2.0

/// One of the two things a scrape is answered with. `init(decoding:)` reads it, `encoded` writes it.
package enum ScrapeReply: Hashable, Sendable {
    /// Counts.
    case accepted(ScrapeResponse)
    /// A failure reason.
    case refused(TrackerRefusal)
}
