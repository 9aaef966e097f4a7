// SPDX-License-Identifier: Apache-2.0

/// The number of a piece in its torrent, from 0.
@usableFromInline
package struct PieceIndex: Hashable, Comparable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// As on the wire.
    @usableFromInline
    package let rawValue: UInt32

    /// Takes a number as on the wire; whether a torrent has such a piece is for its geometry to say.
    @inlinable
    package init(_ rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Takes an array index, which must be 0 to 2³²−1.
    @inlinable
    package init(_ offset: Int) {
        self.rawValue = UInt32(offset)
    }

    /// For indexing arrays that have one element a piece.
    @inlinable
    package var offset: Int { Int(self.rawValue) }

    @inlinable
    package static func < (left: PieceIndex, right: PieceIndex) -> Bool { left.rawValue < right.rawValue }

    @usableFromInline
    package var description: String { String(self.rawValue) }
}
