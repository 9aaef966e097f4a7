// SPDX-License-Identifier: Apache-2.0

import PeerTransport

/// When a call to a plugin began.
struct CallStart {
    /// By the monotonic clock.
    let clock: UInt64
    /// What the thread had used then; nil where nobody watches.
    let usage: ThreadUsage?
    /// What the thread was calling before, for `clinux_call_end`.
    let outer: UInt64
}
