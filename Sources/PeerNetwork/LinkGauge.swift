// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a connection's link carries while it holds up what is to be sent: measured from when it takes no more bytes, takes
/// some, and takes no more again. Says nothing of a link that keeps up.
struct LinkGauge {
    /// What is measured over less time than this waiting says little: a busy machine stalls.
    private static let span = Interval.milliseconds(100)
    /// Measured rates hold for so long.
    private static let validity = Interval.seconds(30)
    /// What takes no bytes for longer than this is slow, and need not take any to be known for it.
    private static let stall = Interval.milliseconds(500)
    /// More than any link has in its queue when it takes no more.
    private static let queue = 2.0 * 1_048_576
    /// Bytes that even a slow link takes at once, because it had none.
    private static let slack = 4.0 * 1_048_576
    /// A rate holds only until so many seconds' worth went out without being waited for, and not as a measurement: the link may
    /// have become faster, or was never slow. Twice as many each time that it is then found as it was.
    private static let trust = (least: 1.0, most: 32.0)

    private var blockedSince: Instant?
    /// When it took bytes again, and what it was given since.
    private var cycleStart: Instant?
    private var given = 0
    /// What the cycles that count carried, in so much time.
    private var bytes = 0
    private var time = Interval.zero
    /// The last two rates in bytes a second: a single stall of the machine makes no link slow.
    private var last: Double?
    private var beforeLast: Double?
    private var measuredAt: Instant?
    /// What it was given since it was measured, and for how many seconds' worth of that the rate holds.
    private var unproven = 0
    private var trusted = Self.trust.least

    /// So many bytes were handed over.
    mutating func add(_ count: Int) {
        self.given += count
        self.unproven += count
    }

    /// Whether the link takes more bytes at this moment: to be told whenever it is looked at.
    mutating func note(isBlocked: Bool, at now: Instant) {
        guard !isBlocked else {
            if self.blockedSince == nil { self.blockedSince = now }
            return
        }
        guard let since = self.blockedSince else { return }
        self.blockedSince = nil
        if now - since >= Self.stall {
            self.last = min(self.last ?? .infinity, Self.queue / (now - since).inSeconds)
            self.beforeLast = self.last
            self.measured(at: now)
            self.trusted = Self.trust.least
        }
        // A cycle counts when the link was waited for most of the time; then it carried what it was given.
        if let start = self.cycleStart {
            let cycle = now - start
            if (now - since).nanoseconds * 2 >= cycle.nanoseconds {
                self.bytes += self.given
                self.time = self.time + cycle
            }
        }
        self.cycleStart = now
        self.given = 0
        guard self.time >= Self.span else { return }
        let rate = Double(self.bytes) / self.time.inSeconds
        self.review(rate)
        self.beforeLast = self.last
        self.last = rate
        self.measured(at: now)
    }

    /// Bytes a second that the link carries; nil while it is not known to hold anything up.
    func bytesPerSecond(at now: Instant) -> Double? {
        if let since = self.blockedSince, now - since >= Self.stall {
            return min(self.last ?? .infinity, Self.queue / (now - since).inSeconds)
        }
        guard let rate = self.rate, let measuredAt = self.measuredAt, now - measuredAt < Self.validity,
            self.isProven(rate)
        else { return nil }
        return rate
    }

    /// It was not the link that was waited for: nothing is known of it.
    mutating func forget() {
        let blockedSince = self.blockedSince
        self = LinkGauge()
        self.blockedSince = blockedSince
    }

    private var rate: Double? {
        guard let last = self.last, let beforeLast = self.beforeLast else { return nil }
        return max(last, beforeLast)
    }

    private func isProven(_ rate: Double) -> Bool {
        Double(self.unproven) <= Self.slack + rate * self.trusted
    }

    /// A new rate is at hand; how far rates of this link are trusted.
    private mutating func review(_ new: Double) {
        guard let old = self.rate, new < 2 * old, old < 2 * new else { return self.trusted = Self.trust.least }
        if !self.isProven(old) { self.trusted = min(Self.trust.most, 2 * self.trusted) }
    }

    private mutating func measured(at now: Instant) {
        self.measuredAt = now
        self.unproven = 0
        self.bytes = 0
        self.time = .zero
    }
}
