// SPDX-License-Identifier: Apache-2.0

/// A flow that behaves like TCP with CUBIC (RFC 9438): it takes what it can get until packets are lost.
struct TCPFlow {
    enum Event {
        case tick
        case acknowledged
        case lost
    }

    static let size = 1_472
    private static let second = 1e9

    private var window = 10.0
    private var threshold = Double.infinity
    private var before = 0.0
    private var reducedAt: Int64 = 0
    private var inFlight = 0
    private var blindUntil: Int64 = 0
    private var roundTrip: Int64
    /// Bytes that arrived.
    private(set) var bytes = 0

    /// Packets under way at most.
    private let largest: Double

    /// `roundTrip` is about how long losses of one flight take to be told. With `largest` it is one that does not fill the
    /// queue: as BBR, or any whose own host lets it have so many packets there.
    init(roundTrip: Int64, largest: Double = .infinity) {
        self.roundTrip = roundTrip
        self.largest = largest
    }

    /// How many packets go out because of an event.
    mutating func handle(_ event: Event, at now: Int64) -> Int {
        switch event {
        case .tick: break
        case .acknowledged:
            self.inFlight -= 1
            self.bytes += Self.size
            self.grow(at: now)
        case .lost:
            self.inFlight -= 1
            if now >= self.blindUntil {
                self.before = self.window
                self.window = max(2, self.window * 0.7)
                self.threshold = self.window
                self.reducedAt = now
                self.blindUntil = now + self.roundTrip
            }
        }
        let count = max(0, Int(min(self.window, self.largest)) - self.inFlight)
        self.inFlight += count
        return count
    }

    private mutating func grow(at now: Int64) {
        if self.window < self.threshold {
            self.window += 1
            return
        }
        let time = Double(now - self.reducedAt + self.roundTrip) / Self.second
        let zero = cubeRoot(self.before * 0.3 / 0.4)
        let goal = 0.4 * (time - zero) * (time - zero) * (time - zero) + self.before
        self.window += max(0.01, min(0.5, (goal - self.window) / self.window))
        // No slower than Reno.
        self.window += 0.5 / self.window
    }

    private func cubeRoot(_ value: Double) -> Double {
        var guess = max(value, 1e-3)
        for _ in 0..<60 { guess = (2 * guess + value / (guess * guess)) / 3 }
        return guess
    }
}
