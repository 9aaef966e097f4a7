// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// How many queries are answered: of each address, and of all. The table of addresses has a fixed size; addresses that
/// share a slot share what it allows.
package struct QueryAllowance: Sendable {
    /// Queries that one address may send at once, and then each second.
    package static let burst = 32
    package static let perSecond = 8
    /// The same for all together.
    package static let totalBurst = 1_000
    package static let totalPerSecond = 500

    private static let slotCount = 4_096

    private struct Slot: BitwiseCopyable {
        var level: Double
        var updated: Instant

        mutating func take(burst: Int, perSecond: Int, at now: Instant) -> Bool {
            if now > self.updated {
                let gained = (now - self.updated).inSeconds * Double(perSecond)
                self.level = min(Double(burst), self.level + gained)
                self.updated = now
            }
            guard self.level >= 1 else { return false }
            self.level -= 1
            return true
        }
    }

    private let hash: SipHash
    private var slots: [Slot]
    private var total: Slot

    /// Everything is allowed at first. `key` keeps others from aiming at a slot.
    package init(key: (low: UInt64, high: UInt64), at now: Instant) {
        self.hash = SipHash(key: key)
        self.slots = Array(repeating: Slot(level: Double(Self.burst), updated: now), count: Self.slotCount)
        self.total = Slot(level: Double(Self.totalBurst), updated: now)
    }

    /// Whether a query from there is to be answered now. Of IPv6 the network counts, in local networks each port.
    package mutating func take(_ endpoint: PeerEndpoint, at now: Instant) -> Bool {
        let place = endpoint.nodePlace
        let index = self.hash.hash(place.address.high, place.address.low, UInt64(place.port)) % UInt64(Self.slotCount)
        guard self.slots[Int(index)].take(burst: Self.burst, perSecond: Self.perSecond, at: now) else { return false }
        return self.total.take(burst: Self.totalBurst, perSecond: Self.totalPerSecond, at: now)
    }
}
