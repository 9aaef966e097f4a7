// SPDX-License-Identifier: Apache-2.0

/// A length of time in whole nanoseconds, eight bytes; may be negative.
package struct Interval: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The length itself.
    package var nanoseconds: Int64

    /// Takes nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// No time at all.
    package static let zero = Interval(nanoseconds: 0)

    package static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000) }
    package static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000_000) }

    /// In seconds, for rates.
    package var inSeconds: Double { Double(self.nanoseconds) / 1e9 }

    package static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func + (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    package static func - (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
}
