// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How much nonsense a peer may talk: points are spent on each minor violation and come back slowly, so that a long
/// connection is not ended over a handful of races.
struct FaultBudget: BitwiseCopyable {
    /// Points that may be spent before the session ends.
    static let limit = 32
    /// One point comes back after this long.
    static let recovery = Interval.seconds(10)

    /// Violations of any weight so far.
    private(set) var faultCount = 0
    private var spent = 0
    private var recovered: Instant

    init(at now: Instant) {
        self.recovered = now
    }

    /// Spends `cost` points; whether that was too much.
    mutating func spend(_ cost: Int, at now: Instant) -> Bool {
        let points = (now - self.recovered).nanoseconds / Self.recovery.nanoseconds
        if points > 0 {
            self.spent = max(0, self.spent - Int(points))
            self.recovered = now
        }
        self.faultCount += 1
        self.spent += cost
        return self.spent > Self.limit
    }
}
