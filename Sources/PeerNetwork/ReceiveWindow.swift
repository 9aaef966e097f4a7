// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// How many bytes a peer over datagrams may have under way to us: about twice what came in the last quarter of a second,
/// so that it suffices for any usual round trip, and strangers who only pretend to send have little to hold up.
struct ReceiveWindow {
    private static let least = 256 << 10
    private static let most = 4 << 20
    private static let period = Interval.milliseconds(250)

    /// Bytes.
    private(set) var size = least
    private var received = 0
    private var endsAt: Instant

    init(at now: Instant) {
        self.endsAt = now + Self.period
    }

    /// So many bytes have come.
    mutating func add(_ count: Int, at now: Instant) {
        self.received += count
        let wanted = min(Self.most, max(Self.least, 2 * self.received))
        if now >= self.endsAt {
            self.size = wanted
            self.received = 0
            self.endsAt = now + Self.period
        } else if wanted > self.size {
            self.size = wanted
        }
    }
}
