// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells how long calls to plugins take.
package enum CallClock: Sendable {
    /// The machine's.
    case monotonic
    /// None: no call takes any time. For simulations, where what becomes of a run must not depend on the machine.
    case stopped

    /// Nanoseconds since some moment, for measuring only.
    func now() -> UInt64 {
        switch self {
        case .monotonic:
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            return UInt64(now.tv_sec) &* 1_000_000_000 &+ UInt64(now.tv_nsec)
        case .stopped: return 0
        }
    }
}
