// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The numbers by which announces are timed.
package struct AnnouncePolicy: Hashable, Sendable {
    /// A tracker's interval is brought into these bounds: a tracker may neither be hammered nor forgotten at its word.
    package var interval: ClosedRange<Interval> = .seconds(10) ... .seconds(86_400)
    /// How soon to announce again for more peers, when the tracker names no `min interval`.
    package var minimum = Interval.seconds(60)
    /// No `min interval` is taken to be shorter.
    package var minimumFloor = Interval.seconds(5)
    /// Wait after the first failure; doubles with each further one.
    package var firstRetry = Interval.seconds(5)
    /// The longest that the doubling leads to.
    package var lastRetry = Interval.seconds(1_800)
    /// The longest that a tracker's `retry in` is honoured (BEP 31).
    package var refusalLimit = Interval.seconds(86_400)
    /// Intervals vary by this share, up and down, so that peers that started together drift apart.
    package var intervalJitter = 0.1
    /// As `intervalJitter`, for waits after failures.
    package var retryJitter = 0.2

    /// The defaults.
    package init() {}

    /// The wait after `failures` failures in a row, before jitter.
    func retry(after failures: Int) -> Interval {
        let doublings = min(max(failures - 1, 0), 20)
        return min(self.lastRetry, Interval(nanoseconds: self.firstRetry.nanoseconds << Int64(doublings)))
    }
}

extension Interval {
    /// Varied evenly by up to `share` in either direction.
    func varied(by share: Double, _ random: inout SplitMix64) -> Interval {
        let unit = Double(random.next() >> 11) / Double(UInt64(1) << 53)
        return Interval(nanoseconds: Int64(Double(self.nanoseconds) * (1 + share * (2 * unit - 1))))
    }

    func clamped(to bounds: ClosedRange<Interval>) -> Interval {
        min(max(self, bounds.lowerBound), bounds.upperBound)
    }
}
