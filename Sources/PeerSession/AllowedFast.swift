// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The pieces that a peer may ask for although it is choked (BEP 6): they follow from its address, so that it cannot get
/// others by coming again.
package enum AllowedFast {
    /// How many pieces a peer is allowed.
    package static let count = 10

    /// Up to `count` pieces of a torrent with `pieceCount`, in the order of their making. None for an IPv6 address, of which
    /// BEP 6 does not speak. `sha1` hashes.
    package static func pieces(
        for address: IPAddress, infoHash: InfoHash, pieceCount: Int, count: Int = Self.count,
        sha1: ([UInt8]) -> [UInt8]
    ) -> [PieceIndex] {
        guard !address.isV6, pieceCount > 0 else { return [] }
        let wanted = min(count, pieceCount)
        var pieces: [PieceIndex] = []
        var digest = Array(address.bytes[..<3]) + [0] + infoHash.bytes
        while pieces.count < wanted {
            digest = sha1(digest)
            guard digest.count == 20 else { return pieces }
            for start in stride(from: 0, to: 20, by: 4) where pieces.count < wanted {
                let number = digest[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                let piece = PieceIndex(number % UInt32(pieceCount))
                if !pieces.contains(piece) { pieces.append(piece) }
            }
        }
        return pieces
    }
}
