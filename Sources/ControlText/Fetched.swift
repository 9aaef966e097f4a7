// SPDX-License-Identifier: Apache-2.0

/// What came in while somebody waited.
package struct Fetched: Equatable, Sendable {
    /// Payload bytes.
    package var bytes: Int
    /// How long it took.
    package var time: Duration

    /// Takes the parts as they are.
    package init(bytes: Int, time: Duration) {
        self.bytes = bytes
        self.time = time
    }

    /// Bytes a second; nil when nothing came, or in no time.
    var rate: Int? {
        guard self.bytes > 0, self.time >= .milliseconds(1) else { return nil }
        let rate = Double(self.bytes) / (self.time / .seconds(1))
        return rate < 1e18 ? Int(rate) : nil
    }

    /// The time for people: tenths of a second while it is short.
    var duration: String {
        let tenths = Int(min(self.time / .milliseconds(100), 1e15))
        guard tenths < 600 else { return DurationText.duration(tenths / 10) }
        return "\(tenths / 10).\(tenths % 10)s"
    }
}
