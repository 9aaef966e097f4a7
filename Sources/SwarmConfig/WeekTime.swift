// SPDX-License-Identifier: Apache-2.0

/// A minute of the week by the clock on the wall.
package struct WeekTime: Hashable, Sendable {
    /// Minutes in a day.
    static let day = 24 * 60

    /// Days since Monday, 0 to 6.
    package let weekday: Int
    /// Minutes since midnight, 0 to 1,439.
    package let minute: Int

    /// Nil where there is no such day or minute.
    package init?(weekday: Int, minute: Int) {
        guard (0..<7).contains(weekday), (0..<Self.day).contains(minute) else { return nil }
        self.weekday = weekday
        self.minute = minute
    }
}
