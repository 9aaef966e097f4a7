// SPDX-License-Identifier: Apache-2.0

/// What a piece must hash to in a v2 or hybrid torrent (BEP 52).
package struct MerkleCheck: Hashable, Sendable {
    /// The hash, 32 bytes.
    package let hash: [UInt8]
    /// Leaves of the piece's tree.
    package let leafCount: Int
    /// How many bytes from the piece's first are the file's; what follows is padding and not hashed.
    package let length: Int

    /// Whether a piece's bytes are the right ones; padding behind the file's bytes may be there or not.
    package func matches(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard piece.count >= self.length else { return false }
        let bytes = UnsafeRawBufferPointer(rebasing: piece[..<self.length])
        return MerkleTree.pieceHash(bytes, leafCount: self.leafCount) == self.hash
    }
}
