// SPDX-License-Identifier: Apache-2.0

/// A dictionary key: bytes, mostly text, ordered as bencode orders them.
package struct BencodeKey: Hashable, Comparable, Sendable, ExpressibleByStringLiteral {
    /// The bytes themselves.
    package let bytes: [UInt8]

    /// Takes bytes as they are.
    package init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    package init(stringLiteral value: String) {
        self.bytes = Array(value.utf8)
    }

    package static func < (left: BencodeKey, right: BencodeKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
