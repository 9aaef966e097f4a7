// SPDX-License-Identifier: Apache-2.0

import CLinux
import SwarmModel

/// What the kernel counts of a TCP connection (`TCP_INFO`).
struct StreamClocks: Hashable, Sendable, BitwiseCopyable {
    /// How long, since the connection stands, there was something to send, or sent and not acknowledged.
    var busy: Interval
    /// Of that, how long the peer's window had no room for it: the peer did not read.
    var closed: Interval
    /// The round trip as it is now.
    var roundTrip: Interval
    /// The least of the last minutes.
    var leastRoundTrip: Interval
    /// Bytes that the peer has acknowledged, since the connection stands.
    var acknowledged: UInt64 = 0
    /// Bytes that wait in the socket and were not sent once.
    var unsent = 0
}

extension StreamClocks {
    /// Those of a socket; nil when it has none.
    init?(of descriptor: CInt) {
        var clocks = clinux_stream_clocks()
        guard clinux_read_stream_clocks(descriptor, &clocks) == 0 else { return nil }
        self.busy = Self.interval(clocks.busy)
        self.closed = Self.interval(clocks.window_closed)
        self.roundTrip = Self.interval(UInt64(clocks.round_trip))
        self.leastRoundTrip = Self.interval(UInt64(clocks.least_round_trip))
        self.acknowledged = clocks.acknowledged
        self.unsent = Int(clocks.unsent)
    }

    private static func interval(_ microseconds: UInt64) -> Interval {
        Interval(nanoseconds: Int64(clamping: microseconds) &* 1_000)
    }
}
