// SPDX-License-Identifier: Apache-2.0

package import Metainfo
import SwarmModel

/// What every piece must hash to.
package enum PieceHashes: Hashable, Sendable {
    /// BEP 3: one SHA-1 of 20 bytes a piece, end to end.
    case v1([UInt8])
    /// BEP 52: merkle roots over blocks, for torrents that have nothing else. Apart, as the next, because a whole metainfo is
    /// large and few torrents need it.
    indirect case merkle(Metainfo)
    /// Both, for hybrids: a piece must be right by either, as far as the layer of its file is at hand.
    indirect case hybrid(Metainfo)

    /// Bytes of one SHA-1.
    package static let lengthV1 = PieceDigest.length

    /// All hashes that a torrent has.
    package init(_ metainfo: Metainfo) {
        self = metainfo.isHybrid ? .hybrid(metainfo) : metainfo.isV1 ? .v1(metainfo.pieceHashes) : .merkle(metainfo)
    }

    /// One SHA-1 a piece, end to end; nil for a torrent that has none.
    var digests: [UInt8]? {
        switch self {
        case .v1(let bytes): bytes
        case .hybrid(let metainfo): metainfo.pieceHashes
        case .merkle: nil
        }
    }

    /// Whether `digest` is what `piece` must hash to. False for a piece that does not exist or has no SHA-1.
    func match(_ digest: PieceDigest, piece: PieceIndex) -> Bool {
        guard let bytes = self.digests else { return false }
        let start = piece.offset * Self.lengthV1
        guard start + Self.lengthV1 <= bytes.count else { return false }
        return digest.bytes.elementsEqual(bytes[start..<start + Self.lengthV1])
    }

    /// What a whole piece is by its SHA-1, which the caller has made, and its merkle root.
    func verdict(_ digest: PieceDigest, _ bytes: UnsafeRawBufferPointer, piece: PieceIndex) -> PieceVerdict {
        let isRight = self.match(digest, piece: piece)
        guard case .hybrid(let metainfo) = self else { return isRight ? .right : .wrong }
        return PieceVerdict(v1: isRight, v2: Self.match(bytes, piece, of: metainfo))
    }

    /// Whether the merkle root of a whole piece is right. Nil when its hash is not at hand.
    static func match(_ piece: UnsafeRawBufferPointer, _ index: PieceIndex, of metainfo: Metainfo) -> Bool? {
        guard metainfo.geometry.contains(index), let check = metainfo.merkleCheck(index) else { return nil }
        return check.matches(piece)
    }
}
