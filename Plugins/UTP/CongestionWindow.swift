// SPDX-License-Identifier: Apache-2.0

/// How much may be under way (LEDBAT: BEP 29 "congestion control", RFC 6817): as much as makes packets wait for the target
/// time in the fullest queue of the path, and less as soon as others make them wait longer.
///
/// Beyond the standard: where packets are lost before they wait that long, the queue is short, and half of the wait seen
/// then is the target for a while: else the queue would be shared with others like any TCP does. A wait above the target
/// takes away a share of the window instead of a fixed amount. And when the queue has not run empty for two minutes, the
/// window is closed for a moment, because else the smallest delay would be forgotten.
struct CongestionWindow {
    /// Packets that may always be under way.
    private static let minimumPackets = 2.0
    private static let initialPackets = 4.0
    /// Packets under way at most after a pause.
    private static let restartPackets = 16.0
    /// Packets that the window grows by in the time of one window, where nothing waits.
    private static let gain = 2.0
    /// Share of a window that is given up in the time of one window for each target's length of wait above the target.
    private static let retreat = 0.25
    private static let lowestTarget = 10_000.0
    private static let recoveryInterval: Int64 = 10_000_000_000
    private static let drainInterval: Int64 = 120_000_000_000

    /// Bytes that may be under way.
    private(set) var bytes: Double
    private var threshold = Double.infinity
    private var packet: Double
    private let fullTarget: Double
    private var target: Double
    private var targetRisesAt = Int64.max
    private var drainedAt: Int64
    /// The window before the last loss.
    private var whole = 0.0

    /// `target` is the wait to aim at, in microseconds.
    init(packet: Int, target: Int64, at now: Int64) {
        self.packet = Double(packet)
        self.bytes = Self.initialPackets * self.packet
        self.fullTarget = Double(target)
        self.target = self.fullTarget
        self.drainedAt = now
    }

    /// Packets carry so many bytes from now on.
    mutating func setPacket(_ count: Int) {
        self.packet = Double(count)
        self.bytes = max(self.bytes, self.minimum)
    }

    /// `count` bytes have arrived. `isFull` tells whether the window was what held us back.
    mutating func acknowledged(_ count: Int, delay: QueueingDelay, isFull: Bool, at now: Int64) {
        self.adjustTarget(delay, at: now)
        if self.bytes < self.threshold {
            return self.grow(by: Double(count), wait: Double(delay.latest), isFull: isFull)
        }
        let wait = Double(delay.filtered)
        let share = min(1, Double(count) / self.bytes)
        if wait <= self.target {
            guard isFull else { return }
            self.bytes += Self.gain * self.packet * share * (1 - wait / self.target)
        } else {
            let surplus = min(2, wait / self.target - 1)
            self.bytes = max(self.minimum, self.bytes * (1 - Self.retreat * surplus * share))
        }
    }

    /// Packets were lost: once for all that were under way together.
    mutating func lost(delay: QueueingDelay, at now: Int64) {
        let wait = Double(delay.filtered)
        if wait < self.target * 2 {
            self.target = min(self.target, max(Self.lowestTarget, wait / 2))
            self.targetRisesAt = now + Self.recoveryInterval
        }
        self.whole = self.bytes
        self.bytes = max(self.minimum, self.bytes / 2)
        self.threshold = self.bytes
    }

    /// What was taken for lost was only late.
    mutating func regained() {
        self.bytes = max(self.bytes, self.whole)
        self.threshold = max(self.threshold, self.bytes)
    }

    /// Nothing was answered for long.
    mutating func timedOut() {
        self.threshold = max(self.minimum, self.bytes / 2)
        self.bytes = self.minimum
    }

    /// Nothing was sent for long, so that nothing is known of the path now.
    mutating func rested() {
        guard self.bytes > Self.restartPackets * self.packet else { return }
        self.threshold = max(self.minimum, self.bytes * 0.75)
        self.bytes = Self.restartPackets * self.packet
    }

    private var minimum: Double { Self.minimumPackets * self.packet }

    private mutating func grow(by count: Double, wait: Double, isFull: Bool) {
        if wait > self.target / 2 {
            self.threshold = self.bytes
        } else if isFull {
            self.bytes = min(self.threshold, self.bytes + count)
        }
    }

    private mutating func adjustTarget(_ delay: QueueingDelay, at now: Int64) {
        // Whoever makes packets wait longer than we mean to is not to be met half-way.
        if Double(delay.filtered) > self.target * 1.25, self.targetRisesAt != Int64.max {
            self.targetRisesAt = now + Self.recoveryInterval
        } else if now >= self.targetRisesAt {
            self.target = min(self.fullTarget, self.target * 1.1)
            self.targetRisesAt = self.target < self.fullTarget ? now + Self.recoveryInterval : Int64.max
        }
        if Double(delay.filtered) < self.fullTarget / 4 {
            self.drainedAt = now
        } else if now - self.drainedAt > Self.drainInterval {
            self.drainedAt = now
            self.threshold = self.bytes
            self.bytes = self.minimum
        }
    }
}
