// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Gives out the tokens that an announce must repeat (BEP 5) and knows its own, without remembering any: a keyed hash of
/// the address and of the span of time.
package struct TokenIssuer: Sendable {
    /// How long the secret of a token lasts. One is accepted in its own span and the next: five to ten minutes.
    package static let span = Interval.seconds(300)

    private let hash: SipHash

    /// An issuer with this key.
    package init(key: (low: UInt64, high: UInt64)) {
        self.hash = SipHash(key: key)
    }

    /// The token for whoever is at `address`.
    package func issue(to address: IPAddress, at now: Instant) -> [UInt8] {
        self.token(Self.number(of: now), address)
    }

    /// Whether the token was issued to `address` and is not too old.
    package func accepts(_ token: [UInt8], from address: IPAddress, at now: Instant) -> Bool {
        let number = Self.number(of: now)
        return token == self.token(number, address) || token == self.token(number &- 1, address)
    }

    private func token(_ number: UInt64, _ address: IPAddress) -> [UInt8] {
        // The family is in the top bit: an IPv4 address and an IPv6 one may be the same number.
        let value = self.hash.hash(address.high, address.low, number ^ (address.isV6 ? 1 << 63 : 0))
        return (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    private static func number(of now: Instant) -> UInt64 {
        // One ahead, so that the very first has one before it.
        UInt64(max(now.nanoseconds, 0) / Self.span.nanoseconds) + 1
    }
}
