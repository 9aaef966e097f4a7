// SPDX-License-Identifier: Apache-2.0

/// A length of time in whole nanoseconds, eight bytes; may be negative.
@usableFromInline
package struct Interval: Hashable, Comparable, Sendable, BitwiseCopyable {
    /// The length itself.
    @usableFromInline
    package var nanoseconds: Int64

    /// Takes nanoseconds.
    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// No time at all.
    @inlinable
    package static var zero: Interval { Interval(nanoseconds: 0) }

    @inlinable
    package static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000) }
    @inlinable
    package static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000_000) }

    /// In seconds, for rates.
    @inlinable
    package var inSeconds: Double { Double(self.nanoseconds) / 1e9 }

    @inlinable
    package static func < (left: Interval, right: Interval) -> Bool { left.nanoseconds < right.nanoseconds }
    @inlinable
    package static func + (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
    }
    @inlinable
    package static func - (left: Interval, right: Interval) -> Interval {
        Interval(nanoseconds: left.nanoseconds - right.nanoseconds)
    }
}
