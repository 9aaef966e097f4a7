// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SwarmModel

/// The one place where the network room reads time: CLOCK_MONOTONIC, about 25 ns a reading.
package enum MonotonicClock {
    /// Now.
    package static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
