// SPDX-License-Identifier: Apache-2.0

/// Finds the largest datagrams that the path carries (RFC 8899): begins with a size that every path has, then makes single
/// packets longer to try it. A probe carries ordinary payload of the proven size and padding, so that a lost one is sent
/// again without the padding.
struct PathProbe {
    /// Datagrams of this size pass everywhere (RFC 8899 `BASE_PLPMTU`, as QUIC's).
    private static let base = 1_200
    /// Jumbo frames; more gains nothing.
    private static let largest = 8_972
    /// Differences smaller than this are not worth a probe.
    private static let step = 16
    private static let tries = 2
    private static let interval: Int64 = 600_000_000_000

    /// Bytes of the largest datagram known to pass.
    private(set) var size: Int
    private let limit: Int
    private var ceiling: Int
    private var failures = 0
    private var isUnderWay = false
    private var searchesAt = Int64.min

    /// `limit` is the largest datagram that the first hop takes.
    init(limit: Int) {
        self.limit = max(min(limit, Self.largest), PacketHeader.length + 1)
        self.size = min(Self.base, self.limit)
        self.ceiling = self.limit
    }

    /// The size to try now; nil when nothing is to be tried.
    mutating func next(at now: Int64) -> Int? {
        guard !self.isUnderWay, now >= self.searchesAt else { return nil }
        if self.ceiling - self.size < Self.step {
            guard self.size < self.limit, self.searchesAt != Int64.min || self.ceiling < self.limit else { return nil }
            // What does not pass today may pass on another route.
            self.ceiling = self.limit
            self.searchesAt = now + Self.interval
            return nil
        }
        self.isUnderWay = true
        return self.ceiling == self.limit ? self.limit : (self.size + self.ceiling) / 2
    }

    /// A probe has arrived.
    mutating func arrived(_ size: Int) {
        self.isUnderWay = false
        self.failures = 0
        self.size = max(self.size, size)
    }

    /// A probe was lost.
    mutating func lost(_ size: Int) {
        self.isUnderWay = false
        self.failures += 1
        guard self.failures >= Self.tries else { return }
        self.failures = 0
        self.ceiling = min(self.ceiling, size - 1)
    }
}
