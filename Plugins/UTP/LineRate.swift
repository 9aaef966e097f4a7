// SPDX-License-Identifier: Apache-2.0

/// The best rate at which packets have arrived in the last minute: what the line carries, as far as we have seen.
struct LineRate {
    private static let shortest = 50 * RoundTrip.millisecond
    private static let period: Int64 = 30_000 * RoundTrip.millisecond

    private var bytes = 0.0
    private var since: Int64
    private var turnsAt: Int64
    private var current = 0.0
    private var before = 0.0

    init(at now: Int64) {
        self.since = now
        self.turnsAt = now + Self.period
    }

    /// Bytes a microsecond; 0 before anything was measured.
    var best: Double { max(self.current, self.before) }

    /// `count` bytes have arrived.
    mutating func add(_ count: Int, roundTrip: RoundTrip, at now: Int64) {
        self.bytes += Double(count)
        let time = now - self.since
        guard time >= max(Self.shortest, roundTrip.smoothed) else { return }
        if now >= self.turnsAt {
            self.turnsAt = now + Self.period
            self.before = self.current
            self.current = 0
        }
        self.current = max(self.current, self.bytes * 1_000 / Double(time))
        self.bytes = 0
        self.since = now
    }
}
