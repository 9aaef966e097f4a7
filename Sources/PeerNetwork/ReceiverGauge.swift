// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// Whether it is the peer that holds up what is sent to it, and not the link: its processor or its disk is busy, and its
/// window is shut. From here the two look alike, but what is compressed for such a peer comes no sooner, and costs both.
struct ReceiverGauge {
    /// The least time between two looks at a connection's clocks.
    static let span = Interval.milliseconds(100)
    /// With less to do than this in between they say nothing.
    private static let leastBusy = Interval.milliseconds(20)
    /// Where bytes lie for longer than this on their way they fill the link's queue, and the window is shut because it is
    /// full of them.
    private static let queueTime = Interval.milliseconds(60)

    /// Whether the peer holds things up, as far as was seen last.
    private(set) var holdsUp = false
    private var last: StreamClocks?
    private var lookedAt: Instant?

    /// Whether it is time to look again.
    func isDue(at now: Instant) -> Bool {
        self.lookedAt.map { now - $0 >= Self.span } ?? true
    }

    /// Takes in the connection's clocks. The first look says nothing yet; each later one is about the time since.
    mutating func note(_ clocks: StreamClocks, at now: Instant) {
        self.lookedAt = now
        guard let last = self.last else {
            self.last = clocks
            return
        }
        let busy = clocks.busy - last.busy
        guard busy >= Self.leastBusy else { return }
        self.last = clocks
        let closed = clocks.closed - last.closed
        let queued = clocks.roundTrip - clocks.leastRoundTrip
        self.holdsUp = closed.nanoseconds >= busy.nanoseconds / 2 && queued < Self.queueTime
    }
}
