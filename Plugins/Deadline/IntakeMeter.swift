// SPDX-License-Identifier: Apache-2.0

/// How fast pieces come in, and how fast the peers that bring them are. Times are given in nanoseconds.
struct IntakeMeter {
    private static let window = 10.0
    private static let leastInterval: Int64 = 1_000_000_000

    /// Pieces a second that are completed, smoothed over `window`; 0 until a second has passed.
    private(set) var piecesPerSecond = 0.0
    /// Bytes a second of the peers that are picked for, smoothed over the picks; 0 until one is known.
    private(set) var peerRate = 0.0
    private var completed = 0
    private var startedAt: Int64?
    private var updatedAt: Int64 = 0

    /// A piece was completed.
    mutating func add() { self.completed += 1 }

    /// A piece is picked at `now` for a peer that sends `rate` bytes a second.
    mutating func update(at now: Int64, rate: UInt64) {
        if rate > 0 { self.peerRate += (Double(rate) - self.peerRate) * (self.peerRate > 0 ? 0.0625 : 1) }
        guard let startedAt = self.startedAt else {
            self.startedAt = now
            self.updatedAt = now
            self.completed = 0
            return
        }
        guard now - self.updatedAt >= Self.leastInterval else { return }
        let elapsed = Self.seconds(self.updatedAt, now)
        let age = min(Self.window, Self.seconds(startedAt, now))
        self.piecesPerSecond += (Double(self.completed) / elapsed - self.piecesPerSecond) * min(1, elapsed / age)
        self.completed = 0
        self.updatedAt = now
    }

    /// Seconds between two times; 0 when they are in the wrong order.
    static func seconds(_ earlier: Int64, _ later: Int64) -> Double {
        later > earlier ? Double(later &- earlier) / 1e9 : 0
    }
}
