// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The twenty bytes that place a node, and a torrent, in the hash table (BEP 5).
package struct NodeID: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// Bits of an id.
    package static let bitCount = 160

    /// The bytes themselves.
    package let value: Bytes20

    /// Takes the bytes as they are.
    package init(_ value: Bytes20) {
        self.value = value
    }

    /// Takes exactly twenty bytes in wire order; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard let value = Bytes20(bytes) else { return nil }
        self.value = value
    }

    /// The place of a torrent.
    package init(_ infoHash: InfoHash) {
        self.value = infoHash.digest
    }

    /// Any id, each as likely as the other.
    package init(random: inout SplitMix64) {
        self.value = Bytes20(
            high: random.next(), middle: random.next(), low: UInt32(truncatingIfNeeded: random.next()))
    }

    /// An id that has exactly the first `count` bits, fewer than 160, in common with `id`.
    package init(sharing count: Int, with id: NodeID, random: inout SplitMix64) {
        let other = NodeID(random: &random)
        let (kept, drawn) = (id.value.bytes, other.value.bytes)
        var bytes: [UInt8] = []
        for offset in 0..<20 {
            let common = min(8, max(0, count - offset * 8))
            let mask: UInt8 = common == 8 ? 0xff : ~(0xff >> UInt8(common))
            bytes.append(kept[offset] & mask | drawn[offset] & ~mask)
        }
        let bit = UInt8(0x80) >> UInt8(count % 8)
        bytes[count / 8] = bytes[count / 8] & ~bit | ~kept[count / 8] & bit
        self.value = Bytes20(bytes) ?? other.value
    }

    /// The bytes in wire order.
    package var bytes: [UInt8] { self.value.bytes }

    /// How far two ids are apart: their exclusive or, as a number.
    package func distance(to other: NodeID) -> NodeDistance { NodeDistance(from: self.value, to: other.value) }

    /// How many of the first bits are the same, 0 to 160.
    package func commonPrefix(with other: NodeID) -> Int { self.distance(to: other).leadingZeroBitCount }

    package var description: String { Hexadecimal.encode(self.bytes) }
}
