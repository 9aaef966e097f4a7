// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How many blocks should be asked of a peer ahead of time, driven by arriving blocks alone.
///
/// Begins like TCP: one block more for each that arrives, until the rate stops growing. From then on what the link
/// carries during its own delay plus `queueTime`. Because the queue is far longer than the delay, the window never holds
/// the rate back: a faster link shows in the rate and so in the window, and nothing swings. The delay is the least that
/// was ever seen, for what is measured with a full queue is mostly that queue.
struct RequestWindow: BitwiseCopyable {
    /// What is asked for before anything is known, in blocks.
    static let initialSize = 16
    /// The least to ask for, in blocks.
    static let floor = 8
    /// How long the requests that wait at the peer should last it.
    static let queueTime = Interval.milliseconds(300)
    /// The least time over which a rate is taken.
    static let epochLength = Interval.milliseconds(100)
    /// The beginning ends when the rate grows by less than this factor from one epoch to the next.
    static let growth = 1.25

    /// Blocks, before any cap.
    private(set) var size = Self.initialSize
    /// Whether it still grows with each block.
    private(set) var isStarting = true
    /// Bytes a second, smoothed over a few epochs.
    private(set) var rate = 0.0
    /// The shortest time from a request to its block.
    var minimalRoundTrip: Interval? {
        self.leastRoundTrip == .max ? nil : Interval(nanoseconds: self.leastRoundTrip)
    }
    private var leastRoundTrip = Int64.max
    private var epochStart: Instant
    private var epochBytes = 0

    init(at now: Instant) {
        self.epochStart = now
    }

    /// Requests begin to flow again after a pause, which says nothing about the rate.
    mutating func resume(at now: Instant) {
        self.epochStart = now
        self.epochBytes = 0
    }

    /// Counts a block that took `roundTrip` to come. `cap` is the most that may ever be asked for.
    mutating func blockReceived(length: UInt32, roundTrip: Interval, cap: Int, at now: Instant) {
        // Whole numbers: comparisons of another module's types are calls.
        self.leastRoundTrip = min(self.leastRoundTrip, max(roundTrip.nanoseconds, 0))
        self.epochBytes &+= Int(length)
        if self.isStarting, self.size < cap { self.size += 1 }
        let elapsed = now.nanoseconds - self.epochStart.nanoseconds
        guard elapsed >= max(Self.epochLength.nanoseconds, self.leastRoundTrip) else { return }
        self.endEpoch(Double(self.epochBytes) / Double(elapsed) * 1e9, cap: cap)
        self.resume(at: now)
    }

    /// The peer sends nothing: ask for one block at a time until it does.
    mutating func shrink() {
        self.size = 1
        self.rate = 0
        self.isStarting = true
    }

    /// The peer refused a block although it serves us: `outstanding` is all that it keeps, for the time being.
    mutating func limit(to outstanding: Int) {
        self.size = min(self.size, max(outstanding, Self.floor))
        self.isStarting = false
    }

    private mutating func endEpoch(_ sample: Double, cap: Int) {
        if self.isStarting {
            self.isStarting = self.size < cap && sample >= self.rate * Self.growth
            self.rate = max(self.rate, sample)
        } else {
            self.rate += (sample - self.rate) * (sample > self.rate ? 0.5 : 0.25)
        }
        guard !self.isStarting else { return }
        let ahead = (self.minimalRoundTrip ?? .zero) + Self.queueTime
        let blocks = self.rate * ahead.inSeconds / Double(TorrentGeometry.blockLength)
        self.size = Int(min(max(blocks, Double(Self.floor)), Double(max(cap, Self.floor))))
    }
}
