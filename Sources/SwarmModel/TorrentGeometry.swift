// SPDX-License-Identifier: Apache-2.0

/// How a torrent's bytes divide into pieces and blocks. Every such calculation is made here.
@usableFromInline
package struct TorrentGeometry: Hashable, Sendable, BitwiseCopyable {
    /// Bytes in a block: what clients request at a time (BEP 3 practice, 16 KiB).
    @inlinable
    package static var blockLength: UInt32 { 16_384 }

    /// Bytes of the whole payload, padding included.
    @usableFromInline
    package let totalLength: UInt64
    /// Bytes in every piece but the last.
    @usableFromInline
    package let pieceLength: UInt32
    /// Number of pieces.
    @usableFromInline
    package let pieceCount: Int

    /// Nil when `pieceLength` is 0 or more than 2³² pieces would be needed. An empty payload has no pieces.
    package init?(totalLength: UInt64, pieceLength: UInt32) {
        guard pieceLength > 0 else { return nil }
        let length = UInt64(pieceLength)
        let count = totalLength / length + (totalLength.isMultiple(of: length) ? 0 : 1)
        guard count <= UInt64(UInt32.max) else { return nil }
        self.totalLength = totalLength
        self.pieceLength = pieceLength
        self.pieceCount = Int(count)
    }

    /// Whether the torrent has such a piece.
    @inlinable
    package func contains(_ piece: PieceIndex) -> Bool { piece.offset < self.pieceCount }

    /// Whether `block` is not empty and lies wholly in a piece of this torrent.
    @inlinable
    package func contains(_ block: BlockRange) -> Bool {
        self.contains(block.piece) && block.length > 0 && block.end <= UInt64(self.length(of: block.piece))
    }

    /// Offset of a piece's first byte in the payload. The piece must exist.
    @inlinable
    package func offset(of piece: PieceIndex) -> UInt64 { UInt64(piece.rawValue) * UInt64(self.pieceLength) }

    /// Bytes in a piece: `pieceLength`, or what is left for the last. The piece must exist.
    @inlinable
    package func length(of piece: PieceIndex) -> UInt32 {
        precondition(self.contains(piece), "piece \(piece) of \(self.pieceCount)")
        return UInt32(min(UInt64(self.pieceLength), self.totalLength - self.offset(of: piece)))
    }

    /// Number of blocks in a piece. The piece must exist.
    @inlinable
    package func blockCount(of piece: PieceIndex) -> Int {
        Int((UInt64(self.length(of: piece)) + UInt64(Self.blockLength) - 1) / UInt64(Self.blockLength))
    }

    /// The `index`-th block of a piece. Both must exist.
    @inlinable
    package func block(_ index: Int, of piece: PieceIndex) -> BlockRange {
        precondition(index >= 0 && index < self.blockCount(of: piece), "block \(index) of piece \(piece)")
        let begin = UInt32(index) * Self.blockLength
        return BlockRange(piece: piece, begin: begin, length: min(Self.blockLength, self.length(of: piece) - begin))
    }

    /// The number of the block that `range` is, or nil when it is not exactly one block of this torrent.
    @inlinable
    package func blockIndex(of range: BlockRange) -> Int? {
        guard self.contains(range), range.begin.isMultiple(of: Self.blockLength) else { return nil }
        let index = Int(range.begin / Self.blockLength)
        return self.block(index, of: range.piece) == range ? index : nil
    }
}
