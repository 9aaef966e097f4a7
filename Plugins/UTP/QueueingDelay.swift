// SPDX-License-Identifier: Apache-2.0

/// How long our packets wait in queues on their way, from what the peer reports: each one-way delay less the smallest.
struct QueueingDelay {
    /// Most that the drift of the clocks is believed at a time, in microseconds.
    private static let maximumDrift: UInt32 = 10_000

    private var ours = DelayHistory()
    private var theirs = DelayHistory()
    private var recent = InlineArray<4, UInt32>(repeating: 0)
    private var next = 0
    /// The last one, in microseconds.
    private(set) var latest: UInt32 = 0
    /// The least of the last four: what jitter leaves of them.
    private(set) var filtered: UInt32 = 0

    /// The peer reports `delay` for a packet of ours; 0 is no report.
    mutating func reported(_ delay: UInt32, at now: Int64) {
        guard delay != 0 else { return }
        self.ours.add(delay, at: now)
        self.latest = delay &- self.ours.base
        self.recent[self.next] = self.latest
        self.next = (self.next + 1) & 3
        self.filtered = min(min(self.recent[0], self.recent[1]), min(self.recent[2], self.recent[3]))
    }

    /// A packet of the peer took `delay`. When their smallest delay falls, their clock has run away from ours, and what
    /// we call our smallest is too small by as much.
    mutating func measured(_ delay: UInt32, at now: Int64) {
        let isFirst = self.theirs.isEmpty
        let before = self.theirs.base
        self.theirs.add(delay, at: now)
        guard !isFirst, self.theirs.base.precedes(before) else { return }
        let drift = before &- self.theirs.base
        if drift <= Self.maximumDrift { self.ours.shift(by: drift) }
    }
}
