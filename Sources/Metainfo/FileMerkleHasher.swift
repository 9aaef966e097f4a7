// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Makes the merkle hashes of one file from its bytes in order, in portions of any size. Keeps one piece's leaves and
/// the piece layer, never the bytes.
package struct FileMerkleHasher {
    private let pieceLength: UInt32
    private var leaf = SHA256()
    private var leafFill = 0
    private var leaves: [UInt8] = []
    private var pieces: [UInt8] = []
    private var length: UInt64 = 0

    /// `pieceLength` must be a power of two of at least 16 KiB.
    package init(pieceLength: UInt32) {
        precondition(
            pieceLength.nonzeroBitCount == 1 && pieceLength >= MerkleTree.leafLength,
            "a v2 piece is a power of two of at least 16 KiB")
        self.pieceLength = pieceLength
    }

    /// Takes the file's next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + MerkleTree.leafLength - self.leafFill)
            self.leaf.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            self.leafFill += end - start
            start = end
            if self.leafFill == MerkleTree.leafLength { self.endLeaf() }
        }
        self.length += UInt64(bytes.count)
    }

    /// Takes the file's next bytes.
    package mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { self.update($0) }
    }

    /// The file has ended.
    package consuming func finish() -> FileMerkle {
        if self.leafFill > 0 { self.endLeaf() }
        if !self.leaves.isEmpty {
            let width = MerkleTree.leafCount(fileLength: self.length, pieceLength: self.pieceLength)
            self.pieces += MerkleTree.root(of: self.leaves, width: width)
        }
        return FileMerkle(pieceHashes: self.pieces, fileLength: self.length, pieceLength: self.pieceLength)
    }

    private mutating func endLeaf() {
        self.leaf.finalize().withUnsafeBytes { self.leaves.append(contentsOf: $0) }
        self.leaf = SHA256()
        self.leafFill = 0
        let width = Int(self.pieceLength) / MerkleTree.leafLength
        guard self.leaves.count == width * MerkleTree.hashLength else { return }
        self.pieces += MerkleTree.root(of: self.leaves, width: width)
        self.leaves.removeAll(keepingCapacity: true)
    }
}
