// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What holds up that which is sent over a TCP connection, by the kernel's own count. `LinkGauge` sees a link only when it
/// takes no more; a slow one never comes to that where the peer asks for less at a time than the kernel keeps. And from here a
/// peer that does not read looks like a slow link, but what is compressed for it comes no sooner, and costs both.
struct StreamGauge {
    /// What is waited for.
    enum Holder: Hashable, Sendable, BitwiseCopyable {
        /// Nothing: what is to be sent goes out.
        case nothing
        /// The peer's processor or its disk is busy, and its window is shut.
        case peer
        /// The link, which carries so much.
        case link(bytesPerSecond: Double)
    }

    /// The least time between two looks at a connection's clocks.
    static let span = Interval.milliseconds(100)
    /// A link is measured while it is waited for, over so much time at least, and about twice that at most.
    private static let measured = Interval.milliseconds(500)
    /// With less to do than this in between the clocks say nothing of the peer.
    private static let leastBusy = Interval.milliseconds(20)
    /// Where bytes lie for longer than this on their way they fill the link's queue, and the window is shut because it is
    /// full of them.
    private static let queueTime = Interval.milliseconds(60)

    /// What is waited for, as far as was seen last.
    private(set) var holder = Holder.nothing
    private var last: StreamClocks?
    private var lastAt: Instant?
    private var lookedAt: Instant?
    /// What the link carried of late, all of the time waited for, and in how much time.
    private var bytes = 0.0
    private var time = Interval.zero

    /// Whether it is time to look again.
    func isDue(at now: Instant) -> Bool {
        self.lookedAt.map { now - $0 >= Self.span } ?? true
    }

    /// Takes in the connection's clocks. The first look says nothing yet; each later one is about the time since.
    mutating func note(_ clocks: StreamClocks, at now: Instant) {
        self.lookedAt = now
        guard let last = self.last, let lastAt = self.lastAt else {
            self.last = clocks
            self.lastAt = now
            return
        }
        let (busy, passed) = (clocks.busy - last.busy, now - lastAt)
        let queued = clocks.roundTrip - clocks.leastRoundTrip
        let isQueued = queued >= Self.queueTime
        let isShut = (clocks.closed - last.closed).nanoseconds >= busy.nanoseconds / 2 && !isQueued
        // Something is on its way all of the time also where little is sent to a peer far away: but then nothing waits.
        guard busy.nanoseconds >= passed.nanoseconds / 5 * 4, !isShut, isQueued || clocks.unsent > 0 else {
            return self.noteNoLink(clocks, isShut: isShut, busy: busy, at: now)
        }
        self.noteLink(Double(clocks.acknowledged &- last.acknowledged), in: passed)
        self.last = clocks
        self.lastAt = now
    }

    private mutating func noteNoLink(_ clocks: StreamClocks, isShut: Bool, busy: Interval, at now: Instant) {
        (self.bytes, self.time) = (0, .zero)
        guard busy >= Self.leastBusy else {
            if self.holder != .peer { self.holder = .nothing }
            return
        }
        self.last = clocks
        self.lastAt = now
        self.holder = isShut ? .peer : .nothing
    }

    private mutating func noteLink(_ bytes: Double, in time: Interval) {
        if self.time.nanoseconds >= 2 * Self.measured.nanoseconds {
            self.bytes /= 2
            self.time = Interval(nanoseconds: self.time.nanoseconds / 2)
        }
        self.bytes += bytes
        self.time = self.time + time
        let rate = self.bytes / self.time.inSeconds
        self.holder = self.time >= Self.measured && rate > 0 ? .link(bytesPerSecond: rate) : .nothing
    }
}
