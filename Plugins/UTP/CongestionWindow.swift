// SPDX-License-Identifier: Apache-2.0

/// How much may be under way (LEDBAT: BEP 29 "congestion control", RFC 6817): as much as makes packets wait for the target
/// time in the fullest queue of the path, and less as soon as others make them wait longer.
///
/// Beyond the standard, whose target of a tenth of a second gives way to none but those who fill every queue. TCP does not
/// always: BBR keeps queues short, and Linux lets no connection fill the queue of its own host. So the target is shorter
/// than the wait that they cause by themselves, if not less than the time of two packets on the line. Where packets are
/// lost before they wait that long, the queue is short, and half of the wait seen then is the target for a while: else
/// the queue would be shared with others like any TCP does. A wait above the target takes away the share of the window that
/// makes it up instead of a fixed amount. And when the queue has not run empty for two minutes, the window is closed for a
/// moment, because else the smallest delay would be forgotten.
struct CongestionWindow {
    /// Packets that may always be under way: more would be much of a short way, where others pass.
    private static let minimumPackets = 1.0
    private static let initialPackets = 4.0
    /// Packets under way at most after a pause.
    private static let restartPackets = 16.0
    /// Packets that the window grows by in the time of one window, where nothing waits: the most on long ways, and the least
    /// on ways much shorter than the wait that is aimed at, whose many windows would add up to a rush.
    private static let gain = 0.125...2.0
    /// The same as a share of the window, which is what lets very large windows grow at all.
    private static let gainShare = 1.0 / 32
    /// Share of the window that is given up at most in a round trip.
    private static let retreat = 0.5
    /// Packets that may wait whatever the target is, and the time that they may; and those that suffice, down to half of the
    /// target.
    private static let leastWaiting = 2.0
    private static let mostWaiting = 8.0
    private static let longestWait = 100_000.0
    private static let shareOfWay = 0.1
    private static let lowestTarget = 2_000.0
    private static let recoveryInterval: Int64 = 10_000_000_000
    private static let drainInterval: Int64 = 120_000_000_000

    /// Bytes that may be under way.
    private(set) var bytes: Double
    private var threshold = Double.infinity
    private var packet: Double
    private let fullTarget: Double
    /// What became of the target after losses.
    private var shortTarget: Double
    private var rate: LineRate
    /// The shortest round trip, in microseconds.
    private var way = 0.0
    private var targetRisesAt = Int64.max
    private var drainedAt: Int64
    private var retreatedAt = Int64.min
    /// The window before the last loss.
    private var whole = 0.0

    /// `target` is the wait to aim at, in microseconds.
    init(packet: Int, target: Int64, at now: Int64) {
        self.packet = Double(packet)
        self.bytes = Self.initialPackets * self.packet
        self.fullTarget = Double(target)
        self.shortTarget = self.fullTarget
        self.rate = LineRate(at: now)
        self.drainedAt = now
    }

    /// Packets carry so many bytes from now on.
    mutating func setPacket(_ count: Int) {
        self.packet = Double(count)
        self.bytes = max(self.bytes, self.minimum)
    }

    /// `count` bytes have arrived, which were sent until `sentAt`. `isFull` tells whether the window was what held us back.
    mutating func acknowledged(
        _ count: Int, sentAt: Int64, delay: QueueingDelay, roundTrip: RoundTrip, isFull: Bool, at now: Int64
    ) {
        self.rate.add(count, roundTrip: roundTrip, at: now)
        self.way = roundTrip.isMeasured ? Double(roundTrip.minimum) / 1_000 : 0
        self.adjustTarget(delay, at: now)
        if self.bytes < self.threshold {
            return self.rush(by: Double(count), wait: Double(delay.latest), isFull: isFull)
        }
        let wait = Double(delay.filtered)
        let target = self.target
        if wait <= target {
            guard isFull else { return }
            let share = min(1, Double(count) / self.bytes)
            let gain =
                min(Self.gain.upperBound, max(Self.gain.lowerBound, self.way / self.fullTarget)) * self.packet
            self.bytes += max(gain, Self.gainShare * self.bytes) * share * (1 - wait / target)
        } else if sentAt >= self.retreatedAt {
            // The share of the window that makes up the surplus; whether that is enough only packets sent later show.
            let surplus = (wait - target) / (self.way + wait)
            self.bytes = max(self.minimum, self.bytes * (1 - min(Self.retreat, surplus)))
            self.retreatedAt = now
        }
    }

    /// Packets were lost: once for all that were under way together.
    mutating func lost(delay: QueueingDelay, at now: Int64) {
        let wait = Double(delay.filtered)
        if wait < self.target * 2 {
            self.shortTarget = min(self.shortTarget, max(Self.lowestTarget, wait / 2))
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

    /// The wait that is aimed at, in microseconds. Those who keep queues short keep them shorter in time on lines that are
    /// fast and ways that are short.
    private var target: Double {
        guard self.rate.best > 0 else { return self.shortTarget }
        let packetTime = self.packet / self.rate.best
        let enough = max(Self.mostWaiting * packetTime, Self.shareOfWay * self.way)
        let wanted = min(self.shortTarget, max(self.shortTarget / 2, enough))
        return max(wanted, min(Self.longestWait, Self.leastWaiting * packetTime))
    }

    private var minimum: Double { Self.minimumPackets * self.packet }

    /// Doubles in each round trip until packets wait. They do already while the way is half empty, because each
    /// acknowledgement lets twice as much go at once: for half a round trip, when it is full.
    private mutating func rush(by count: Double, wait: Double, isFull: Bool) {
        if wait > max(self.target, self.way) / 2 {
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
            self.shortTarget = min(self.fullTarget, self.shortTarget * 1.1)
            self.targetRisesAt = self.shortTarget < self.fullTarget ? now + Self.recoveryInterval : Int64.max
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
