// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What two sides compare to know that they speak of the same set of pieces: how many there are, and the exclusive or of
/// a number drawn from each (Zobrist 1970), so that adding or removing a piece is one operation.
package struct PieceChecksum: Hashable, Sendable, BitwiseCopyable {
    /// Pieces in the set.
    package var count: UInt32 = 0
    /// The numbers of all of them in one.
    package var mixed: UInt32 = 0

    /// Of the empty set.
    package init() {}

    /// As it came.
    package init(count: UInt32, mixed: UInt32) {
        self.count = count
        self.mixed = mixed
    }

    /// Of the pieces that are set.
    package init(_ pieces: Bitfield) {
        self.init()
        pieces.forEachSet { self.insert($0.rawValue) }
    }

    /// Takes in a piece that is not in the set.
    package mutating func insert(_ piece: UInt32) {
        self.count &+= 1
        self.mixed ^= Self.number(of: piece)
    }

    /// The number of a piece: the finalizer of MurmurHash3 (Appleby 2011) of its index plus one, 32 bits.
    package static func number(of piece: UInt32) -> UInt32 {
        var value = piece &+ 1
        value = (value ^ value >> 16) &* 0x85eb_ca6b
        value = (value ^ value >> 13) &* 0xc2b2_ae35
        return value ^ value >> 16
    }
}
