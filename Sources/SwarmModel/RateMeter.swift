// SPDX-License-Identifier: Apache-2.0

/// Bytes a second, smoothed over about `window`: bytes are added as they come, the rate is read whenever it is wanted.
/// Starts honest: until a whole window has passed it averages over the time that did pass.
package struct RateMeter: Sendable, BitwiseCopyable {
    /// Smoothing time; the weight of old traffic falls to 1/e over it.
    package let window: Interval
    /// Bytes added since the meter was made.
    package private(set) var total: UInt64 = 0
    private var rate: Double = 0
    private var pending: UInt64 = 0
    private var started: Instant
    private var updated: Instant

    /// A meter that starts at `now` with nothing counted.
    package init(window: Interval = .seconds(5), at now: Instant) {
        self.window = window
        self.started = now
        self.updated = now
    }

    /// Counts `bytes`; costs two additions.
    package mutating func add(_ bytes: Int) {
        self.total &+= UInt64(bytes)
        self.pending &+= UInt64(bytes)
    }

    /// Folds what was added since the last call into the rate and returns it in bytes a second. Calls within 100 ms of
    /// each other return the rate that stands.
    package mutating func bytesPerSecond(at now: Instant) -> Double {
        let elapsed = now - self.updated
        guard elapsed >= .milliseconds(100) else { return self.rate }
        let recent = Double(self.pending) / elapsed.inSeconds
        let age = min(self.window.inSeconds, (now - self.started).inSeconds)
        let weight = min(1, elapsed.inSeconds / max(age, 0.1))
        self.rate += (recent - self.rate) * weight
        if self.rate < 1 { self.rate = 0 }
        self.pending = 0
        self.updated = now
        return self.rate
    }
}
