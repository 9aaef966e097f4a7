// SPDX-License-Identifier: Apache-2.0

import Crypto

/// The SHA-1 of a piece (BEP 3).
struct PieceDigest: Hashable, Sendable {
    /// Bytes of one.
    static let length = 20

    /// The digest, `length` bytes.
    let bytes: [UInt8]

    init(_ digest: Insecure.SHA1Digest) {
        self.bytes = Array(digest)
    }

    /// Takes `length` bytes.
    init(bytes: [UInt8]) {
        precondition(bytes.count == Self.length, "not a SHA-1")
        self.bytes = bytes
    }

    /// The digest of a piece in memory.
    init(of piece: UnsafeRawBufferPointer) {
        var hasher = Insecure.SHA1()
        hasher.update(bufferPointer: piece)
        self.init(hasher.finalize())
    }
}
