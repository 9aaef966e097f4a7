// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How many raw bytes a second get compressed while any are: all jobs together, and the waits for a busy processor with
/// them, so that it sinks when others need it.
struct CompressionSpeed {
    /// The least time over which it is taken.
    private static let span = Interval.milliseconds(100)
    /// After so long without a job it is not known any more: it may have been low for a reason that has passed.
    private static let validity = Interval.seconds(5)

    /// Jobs that have not ended.
    private(set) var inFlight = 0
    private var countedUpTo: Instant?
    private var bytes = 0
    private var time = Interval.zero
    /// The last two samples: a single stall of the machine makes nothing slow.
    private var last: Double?
    private var beforeLast: Double?
    private var measuredAt: Instant?

    /// A job begins.
    mutating func begin(at now: Instant) {
        if self.inFlight == 0 { self.countedUpTo = now }
        self.inFlight += 1
    }

    /// A job has ended that compressed `raw` bytes. One that was not `typical`, such as a first try by itself, spoils the
    /// sample.
    mutating func end(raw: Int, isTypical: Bool, at now: Instant) {
        self.inFlight -= 1
        if let start = self.countedUpTo { self.time = self.time + (now - start) }
        self.countedUpTo = now
        self.bytes += raw
        guard isTypical else { return self.begin() }
        guard self.time >= Self.span else { return }
        self.beforeLast = self.last
        self.last = Double(self.bytes) / self.time.inSeconds
        self.measuredAt = now
        self.begin()
    }

    /// Raw bytes a second; `guess` while it is not known.
    func bytesPerSecond(at now: Instant, guess: Double) -> Double {
        guard let last = self.last, let beforeLast = self.beforeLast, let measuredAt = self.measuredAt,
            now - measuredAt < Self.validity
        else { return guess }
        return max(last, beforeLast)
    }

    /// Begins a sample.
    private mutating func begin() {
        self.bytes = 0
        self.time = .zero
    }
}
