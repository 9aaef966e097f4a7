// SPDX-License-Identifier: Apache-2.0

/// The merkle hashes of one file as a torrent holds them (BEP 52).
package struct FileMerkle: Hashable, Sendable {
    /// Root of the file's tree, 32 bytes; nil for a file without bytes.
    package let root: [UInt8]?
    /// The hashes of its pieces, 32 bytes each; empty for a file that fits one piece.
    package let pieceLayer: [UInt8]

    /// Puts a file's piece hashes together, each made with `MerkleTree.pieceHash` and
    /// `MerkleTree.leafCount(fileLength:pieceLength:)`. There must be one for every piece.
    package init(pieceHashes: [UInt8], fileLength: UInt64, pieceLength: UInt32) {
        let count = Int((fileLength + UInt64(pieceLength) - 1) / UInt64(pieceLength))
        precondition(pieceHashes.count == count * MerkleTree.hashLength, "\(count) pieces need as many hashes")
        self.pieceLayer = count > 1 ? pieceHashes : []
        switch count {
        case 0: self.root = nil
        case 1: self.root = pieceHashes
        default: self.root = Self.root(ofLayer: pieceHashes, pieceLength: pieceLength)
        }
    }

    /// The root above the piece layer of a file of more than one piece.
    static func root(ofLayer layer: some Collection<UInt8>, pieceLength: UInt32) -> [UInt8] {
        MerkleTree.root(
            of: Array(layer), width: MerkleTree.powerOfTwo(holding: layer.count / MerkleTree.hashLength),
            leavesEach: Int(pieceLength) / MerkleTree.leafLength)
    }
}
