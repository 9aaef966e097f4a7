// SPDX-License-Identifier: Apache-2.0

/// Bytes that may move now under a cap: they come in evenly at the cap's rate, and what is not used is kept up to a tenth
/// of a second's worth and a block, so that a pause is never followed by a long burst.
package struct TokenBucket: Sendable, BitwiseCopyable {
    /// How long unused bytes are kept.
    private static let memory = 0.1
    /// What is kept besides: a block, because nothing smaller is moved.
    package static let leastCapacity = Int(TorrentGeometry.blockLength)

    /// The cap.
    package private(set) var bytesPerSecond: Int
    private var level = 0.0
    private var updated: Instant

    /// Begins empty. `bytesPerSecond` must be more than 0.
    package init(bytesPerSecond: Int, at now: Instant) {
        precondition(bytesPerSecond > 0, "a cap of nothing is no cap")
        self.bytesPerSecond = bytesPerSecond
        self.updated = now
    }

    private var capacity: Double { Double(Self.leastCapacity) + Double(self.bytesPerSecond) * Self.memory }

    /// Changes the cap from `now` on. `bytesPerSecond` must be more than 0.
    package mutating func change(bytesPerSecond: Int, at now: Instant) {
        precondition(bytesPerSecond > 0, "a cap of nothing is no cap")
        self.refill(at: now)
        self.bytesPerSecond = bytesPerSecond
        self.level = min(self.level, self.capacity)
    }

    /// Bytes that may move now.
    package mutating func available(at now: Instant) -> Int {
        self.refill(at: now)
        return max(0, Int(self.level))
    }

    /// Takes bytes out; more than there are, and those that follow wait the longer.
    package mutating func take(_ bytes: Int) { self.level -= Double(bytes) }

    /// Puts bytes back that were taken and did not move.
    package mutating func giveBack(_ bytes: Int) { self.level = min(self.capacity, self.level + Double(bytes)) }

    /// How long until `bytes` may move, nothing else moving; they must not be more than are ever kept.
    package mutating func wait(for bytes: Int, at now: Instant) -> Interval {
        self.refill(at: now)
        let missing = min(Double(bytes), self.capacity) - self.level
        guard missing > 0 else { return .zero }
        return Interval(nanoseconds: Int64(min(missing / Double(self.bytesPerSecond), 3_600) * 1e9) + 1)
    }

    private mutating func refill(at now: Instant) {
        guard now > self.updated else { return }
        let elapsed = (now - self.updated).inSeconds
        self.level = min(self.capacity, self.level + elapsed * Double(self.bytesPerSecond))
        self.updated = now
    }
}
