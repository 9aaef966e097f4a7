// SPDX-License-Identifier: Apache-2.0

/// A set of pieces that the host shows for the length of one call: piece `i` in bit `i % 64` of word `i / 64`.
public struct PieceWords {
    private let base: UnsafePointer<UInt64>
    /// Number of words.
    public let count: Int

    init(_ base: UnsafePointer<UInt64>, count: Int) {
        self.base = base
        self.count = count
    }

    /// The word at `index`, which must be below `count`.
    public subscript(index: Int) -> UInt64 { self.base[index] }

    /// Whether `piece`, which must be one of the torrent, is in the set.
    public func contains(_ piece: UInt32) -> Bool {
        self.base[Int(piece >> 6)] >> UInt64(piece & 63) & 1 == 1
    }
}
