// SPDX-License-Identifier: Apache-2.0

/// A run of bytes inside one piece, as requests name it (BEP 3): twelve bytes, trivially copyable.
@usableFromInline
package struct BlockRange: Hashable, Sendable, BitwiseCopyable {
    /// The piece it lies in.
    @usableFromInline
    package let piece: PieceIndex
    /// Offset of its first byte in the piece.
    @usableFromInline
    package let begin: UInt32
    /// Bytes.
    @usableFromInline
    package let length: UInt32

    /// Takes the three numbers unchecked; `TorrentGeometry.contains(_:)` judges them.
    @inlinable
    package init(piece: PieceIndex, begin: UInt32, length: UInt32) {
        self.piece = piece
        self.begin = begin
        self.length = length
    }

    /// Offset in its piece of the byte after the last.
    @inlinable
    package var end: UInt64 { UInt64(self.begin) + UInt64(self.length) }
}
