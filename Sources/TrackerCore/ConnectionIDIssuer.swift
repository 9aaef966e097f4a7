// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Gives out the connection ids of UDP trackers (BEP 15) and tells its own from others, without remembering any: an id
/// is the window of time it was made in, sixteen bits, and a keyed hash of that and of the address it was sent to,
/// forty-eight. Whoever sends one back therefore gets what is sent to that address; its port may change.
package struct ConnectionIDIssuer: Sendable {
    /// The longest life that windows can tell.
    package static let longestLifetime = Interval.seconds(86_400)

    /// Time is cut into windows of this length.
    private static let window = Interval.seconds(4)

    /// How long an id is accepted, within a window's length. BEP 15 says two minutes; clients are known to use theirs for
    /// longer, and it only helps whoever had the address.
    package var lifetime: Interval

    private let hash: SipHash

    /// An issuer with a key that nobody knows.
    package init(lifetime: Interval, random: inout some RandomNumberGenerator) {
        self.lifetime = lifetime
        self.hash = SipHash(key: (random.next(), random.next()))
    }

    /// The id for a client at `address`.
    package func issue(to address: IPAddress, at now: Instant) -> UInt64 {
        self.connectionID(Self.number(of: now), address)
    }

    /// Whether the id was issued to `address` and is not too old.
    package func accepts(_ connectionID: UInt64, from address: IPAddress, at now: Instant) -> Bool {
        let current = Self.number(of: now)
        let age = (current &- connectionID >> 48) & 0xffff
        let oldest = min(max(self.lifetime, .zero), Self.longestLifetime).nanoseconds / Self.window.nanoseconds
        guard age <= UInt64(oldest), age <= current else { return false }
        return self.connectionID(current - age, address) == connectionID
    }

    private func connectionID(_ window: UInt64, _ address: IPAddress) -> UInt64 {
        // The family is in the top bit of the window: an IPv4 address and an IPv6 one may be the same number.
        let tagged = window | (address.isV6 ? 1 << 63 : 0)
        return window << 48 | self.hash.hash(address.high, address.low, tagged) >> 16
    }

    private static func number(of now: Instant) -> UInt64 {
        UInt64(max(now.nanoseconds, 0) / Self.window.nanoseconds)
    }
}
