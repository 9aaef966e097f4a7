// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// About how many reporters come from an address: one counter for all addresses that hash alike.
struct AddressLoad {
    static let size = 1024

    private let seed: UInt64
    private var counters = [UInt32](repeating: 0, count: Self.size)

    init(seed: UInt64) {
        self.seed = seed
    }

    func load(of address: IPAddress) -> Int { Int(self.counters[self.index(address)]) }

    mutating func add(_ address: IPAddress) { self.counters[self.index(address)] &+= 1 }

    mutating func remove(_ address: IPAddress) { self.counters[self.index(address)] &-= 1 }

    private func index(_ address: IPAddress) -> Int {
        // A network of IPv6 is one neighbourhood: whoever has an address there has all of it.
        let low = address.isV6 ? 0 : address.low
        return Int(PeerHash.mix(self.seed ^ address.high ^ low) % UInt32(Self.size))
    }
}
