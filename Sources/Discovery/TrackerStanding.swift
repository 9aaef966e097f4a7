// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How it stands between one torrent and one of its trackers.
package struct TrackerStanding: Hashable, Sendable {
    /// The last that is known.
    package enum State: Hashable, Sendable {
        /// Not asked yet.
        case idle
        /// Being asked.
        case announcing
        /// Answered well.
        case working
        /// Did not answer, or answered badly.
        case failing
        /// Not asked any more: it said so, or cannot be spoken to.
        case disabled
    }

    /// Its announce URL.
    package let url: String
    /// Its tier, 0 first.
    package let tier: Int
    /// The last that is known.
    package internal(set) var state = State.idle
    /// Its own words, or the reason of the last failure.
    package internal(set) var message: String?
    /// Complete peers it knows of.
    package internal(set) var seeds: UInt64?
    /// Incomplete peers it knows of.
    package internal(set) var leechers: UInt64?
    /// Peers it handed out last time.
    package internal(set) var received: Int?
    /// When it last answered well.
    package internal(set) var lastAnswer: Instant?
    /// Failures since.
    package internal(set) var failures = 0

    /// Whether it counts us among its peers, as far as we know.
    var isStarted = false
    /// Its wish to be told again.
    var trackerID: [UInt8]?
    /// Not sooner than this, events aside: its `min interval`.
    var earliest = Instant(nanoseconds: .min)
    /// Not sooner than this, after failures.
    var retryAt: Instant?
    /// Not sooner than this, because it asked so (BEP 31).
    var refusedUntil: Instant?

    init(url: String, tier: Int) {
        self.url = url
        self.tier = tier
    }

    /// When it may be tried; nil for never.
    var availableFrom: Instant? {
        guard self.state != .disabled else { return nil }
        let always = Instant(nanoseconds: .min)
        return max(self.retryAt ?? always, self.refusedUntil ?? always)
    }

    func isAvailable(at now: Instant) -> Bool {
        guard let from = self.availableFrom else { return false }
        return from <= now
    }
}
