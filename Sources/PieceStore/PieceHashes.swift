// SPDX-License-Identifier: Apache-2.0

package import Crypto
package import SwarmModel

/// What every piece must hash to.
package enum PieceHashes: Hashable, Sendable {
    /// BEP 3: one SHA-1 of 20 bytes a piece, end to end.
    case v1([UInt8])

    /// Bytes of one SHA-1.
    package static let lengthV1 = 20

    /// Number of pieces for which there is a hash.
    package var count: Int {
        switch self {
        case .v1(let bytes): bytes.count / Self.lengthV1
        }
    }

    /// Whether `digest` is what `piece` must hash to. False for a piece that does not exist.
    package func match(_ digest: Insecure.SHA1Digest, piece: PieceIndex) -> Bool {
        switch self {
        case .v1(let bytes):
            let start = piece.offset * Self.lengthV1
            guard start + Self.lengthV1 <= bytes.count else { return false }
            return digest.withUnsafeBytes { $0.elementsEqual(bytes[start..<start + Self.lengthV1]) }
        }
    }
}
