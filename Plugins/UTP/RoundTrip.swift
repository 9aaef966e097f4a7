// SPDX-License-Identifier: Apache-2.0

/// How long answers take (RFC 6298, with the limits of BEP 29), in nanoseconds.
struct RoundTrip {
    static let millisecond: Int64 = 1_000_000
    /// Before anything was measured.
    private static let initialTimeout = 1_000 * millisecond
    private static let minimumTimeout = 500 * millisecond
    private static let maximumTimeout = 30_000 * millisecond

    private(set) var smoothed: Int64 = 0
    private var variation: Int64 = 0
    private(set) var minimum = Int64.max
    private(set) var isMeasured = false
    /// After this long without an answer everything under way is taken for lost.
    private(set) var timeout = Self.initialTimeout

    /// A packet that was sent once was answered after `time`.
    mutating func add(_ time: Int64) {
        let time = max(1, time)
        self.minimum = min(self.minimum, time)
        if self.isMeasured {
            self.variation += (abs(self.smoothed - time) - self.variation) / 4
            self.smoothed += (time - self.smoothed) / 8
        } else {
            self.isMeasured = true
            self.smoothed = time
            self.variation = time / 2
        }
        self.timeout = min(Self.maximumTimeout, max(Self.minimumTimeout, self.smoothed + 4 * self.variation))
    }

    /// Nothing was answered in time: waits twice as long, until something is.
    mutating func backOff() {
        self.timeout = min(Self.maximumTimeout, self.timeout * 2)
    }

    /// Something was answered, though it tells nothing about the time.
    mutating func restore() {
        guard self.isMeasured else { return }
        self.timeout = min(Self.maximumTimeout, max(Self.minimumTimeout, self.smoothed + 4 * self.variation))
    }
}
