// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The time of day, for records that outlive the process.
enum WallClock {
    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }
}
