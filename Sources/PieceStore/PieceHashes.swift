// SPDX-License-Identifier: Apache-2.0

package import Metainfo
import SwarmModel

/// What every piece must hash to.
package enum PieceHashes: Hashable, Sendable {
    /// BEP 3: one SHA-1 of 20 bytes a piece, end to end.
    case v1([UInt8])
    /// BEP 52: merkle roots over blocks, for torrents that have nothing else. Apart, because a whole metainfo is large and few
    /// torrents need it.
    indirect case merkle(Metainfo)

    /// Bytes of one SHA-1.
    package static let lengthV1 = PieceDigest.length

    /// The hashes of a torrent: SHA-1 when it has them.
    package init(_ metainfo: Metainfo) {
        self = metainfo.isV1 ? .v1(metainfo.pieceHashes) : .merkle(metainfo)
    }

    /// Whether `digest` is what `piece` must hash to. False for a piece that does not exist or has no SHA-1.
    func match(_ digest: PieceDigest, piece: PieceIndex) -> Bool {
        guard case .v1(let bytes) = self else { return false }
        let start = piece.offset * Self.lengthV1
        guard start + Self.lengthV1 <= bytes.count else { return false }
        return digest.bytes.elementsEqual(bytes[start..<start + Self.lengthV1])
    }

    /// Whether the merkle root of a whole piece is right. False when its hash is not at hand.
    static func match(_ piece: UnsafeRawBufferPointer, _ index: PieceIndex, of metainfo: Metainfo) -> Bool {
        guard metainfo.geometry.contains(index), let check = metainfo.merkleCheck(index) else { return false }
        return check.matches(piece)
    }
}
