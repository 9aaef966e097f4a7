// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel

extension Instant {
    /// The time of the event loops' clock.
    static var now: Instant { Instant(.now()) }

    init(_ deadline: NIODeadline) {
        self.init(nanoseconds: Int64(truncatingIfNeeded: deadline.uptimeNanoseconds))
    }
}
