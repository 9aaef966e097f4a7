// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmConfig

/// The time of day, for records that outlive the process and for what people plan by the clock.
enum WallClock {
    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }

    /// Seconds of a clock that nobody sets, for what is measured and not remembered.
    static func elapsed() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return Int64(now.tv_sec)
    }

    /// The minute of the week where the machine stands.
    static var weekTime: WeekTime {
        var moment = time(nil)
        var parts = tm()
        localtime_r(&moment, &parts)
        let weekday = (Int(parts.tm_wday) + 6) % 7
        let minute = Int(parts.tm_hour) * 60 + Int(parts.tm_min)
        guard let result = WeekTime(weekday: weekday, minute: minute) else { preconditionFailure("no such time") }
        return result
    }

    /// Until the next minute begins.
    static var untilNextMinute: Duration {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return .seconds(60 - now.tv_sec % 60) - .nanoseconds(now.tv_nsec)
    }
}
