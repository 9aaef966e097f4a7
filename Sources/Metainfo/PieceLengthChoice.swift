// SPDX-License-Identifier: Apache-2.0

/// Picks a piece length for a payload: a power of two of 16 KiB to 16 MiB that gives about 1,000 to 2,000 pieces, at least
/// 256 KiB for more than 64 MiB, so that hashes stay few and a piece is soon complete.
package enum PieceLengthChoice {
    /// The least length chosen, and the least BEP 52 allows.
    package static let least: UInt32 = 16 << 10
    /// The greatest length chosen.
    package static let greatest: UInt32 = 16 << 20
    private static let mostPieces: UInt64 = 2_000

    /// The piece length for a payload of `totalLength` bytes.
    package static func pieceLength(totalLength: UInt64) -> UInt32 {
        var length: UInt32 = totalLength > 64 << 20 ? 256 << 10 : self.least
        while length < self.greatest, totalLength / UInt64(length) > self.mostPieces { length *= 2 }
        return length
    }

    /// Whether a length that a user wants is one this program makes torrents with: a power of two from 16 KiB up to the
    /// limit of `MetainfoLimits`.
    package static func isAllowed(_ pieceLength: UInt64) -> Bool {
        pieceLength.nonzeroBitCount == 1 && pieceLength >= UInt64(self.least)
            && pieceLength <= UInt64(MetainfoLimits.pieceLength)
    }
}
