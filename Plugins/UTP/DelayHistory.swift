// SPDX-License-Identifier: Apache-2.0

/// The smallest one-way delay of the last minutes, in microseconds between two clocks that nobody has set alike: only
/// differences mean anything (BEP 29 `base_delay`).
struct DelayHistory {
    private static let minutes = 10
    private static let minute: Int64 = 60_000_000_000

    private var minima = InlineArray<10, UInt32>(repeating: 0)
    private var current = 0
    private var turnsAt = Int64.min
    /// The smallest delay; 0 before the first sample.
    private(set) var base: UInt32 = 0

    /// Whether anything was measured.
    var isEmpty: Bool { self.turnsAt == Int64.min }

    /// Takes in a delay measured at `now`.
    mutating func add(_ delay: UInt32, at now: Int64) {
        if self.isEmpty {
            for index in 0..<Self.minutes { self.minima[index] = delay }
            self.base = delay
            self.turnsAt = now + Self.minute
        } else if now >= self.turnsAt {
            self.current = (self.current + 1) % Self.minutes
            self.minima[self.current] = delay
            self.turnsAt = now + Self.minute
            self.base = self.smallest()
        } else if delay.precedes(self.minima[self.current]) {
            self.minima[self.current] = delay
            if delay.precedes(self.base) { self.base = delay }
        }
    }

    /// The clocks drift apart: what was measured before would be `difference` more now.
    mutating func shift(by difference: UInt32) {
        guard !self.isEmpty else { return }
        for index in 0..<Self.minutes { self.minima[index] &+= difference }
        self.base &+= difference
    }

    private func smallest() -> UInt32 {
        var result = self.minima[0]
        for index in 1..<Self.minutes where self.minima[index].precedes(result) { result = self.minima[index] }
        return result
    }
}
