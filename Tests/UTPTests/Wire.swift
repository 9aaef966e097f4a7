// SPDX-License-Identifier: Apache-2.0

/// One direction between two endpoints: a queue in front of a line of some rate, then a time on the way, and what goes
/// wrong there.
struct Wire {
    /// Time on the way, and up to how much more.
    var delay: Int64 = 10_000_000
    var jitter: Int64 = 0
    /// Bytes a second; 0 for no limit. And bytes that wait for the line at most.
    var rate: Int64 = 0
    var queueLimit: Int64 = .max
    /// Shares of datagrams.
    var loss = 0.0
    var duplication = 0.0
    /// Longer datagrams vanish.
    var largest = 1_472
    /// Overhead of a datagram on the line.
    var overhead: Int64 = 28
    /// The datagrams, counted from 0, that vanish whatever else.
    var dropped: Set<Int> = []
    /// Datagrams put in so far, and those that came through.
    private(set) var count = 0
    private(set) var passed = 0
    private(set) var bytesPassed = 0
    private var freeAt: Int64 = 0

    /// How long a datagram put in now would wait.
    func wait(at now: Int64) -> Int64 { max(0, self.freeAt - now) }

    /// When the copies of a datagram arrive; none when it is lost.
    mutating func arrivals(of count: Int, at now: Int64, _ random: inout SeededGenerator) -> [Int64] {
        let number = self.count
        self.count += 1
        guard count <= self.largest, !self.dropped.contains(number), random.share() >= self.loss else { return [] }
        var left = now
        if self.rate > 0 {
            let size = Int64(count) + self.overhead
            let waiting = max(0, self.freeAt - now) * self.rate / 1_000_000_000
            guard waiting + size <= self.queueLimit else { return [] }
            self.freeAt = max(now, self.freeAt) + size * 1_000_000_000 / self.rate
            left = self.freeAt
        }
        self.passed += 1
        self.bytesPassed += count
        let copies = random.share() < self.duplication ? 2 : 1
        return (0..<copies).map { _ in
            left + self.delay + (self.jitter > 0 ? Int64(random.share() * Double(self.jitter)) : 0)
        }
    }
}
