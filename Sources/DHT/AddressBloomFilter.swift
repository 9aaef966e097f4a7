// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SwarmModel

/// A Bloom filter of addresses: 2,048 bits, of which each address sets two (BEP 33).
package struct AddressBloomFilter: Hashable, Sendable {
    /// Bytes of it on the wire.
    package static let length = 256

    /// The bytes in wire order.
    package private(set) var bytes: [UInt8]

    /// No addresses.
    package init() {
        self.bytes = Array(repeating: 0, count: Self.length)
    }

    /// Takes exactly 256 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.length else { return nil }
        self.bytes = Array(bytes)
    }

    /// Adds an address.
    package mutating func insert(_ address: IPAddress) {
        let digest = Array(Insecure.SHA1.hash(data: address.bytes))
        for offset in [0, 2] {
            let index = (Int(digest[offset]) | Int(digest[offset + 1]) << 8) % (Self.length * 8)
            self.bytes[index / 8] |= 1 << UInt8(index % 8)
        }
    }
}
