// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The hash tree of one file from its pieces up, which answers what peers ask of it (BEP 52). What lies below the pieces
/// is not kept: it is made from the bytes of a piece when it is asked for.
package struct FileHashTree: Sendable {
    /// What it takes to answer a request.
    package enum Demand: Hashable, Sendable {
        /// Nothing but the tree.
        case nothing
        /// The bytes of this piece of the file, the file's first being 0.
        case piece(Int)
    }

    /// How many layers the pieces lie above the leaves.
    private let pieceLayer: Int
    private let pieceCount: Int
    /// From the pieces, filled up to a power of two, to the root.
    private let levels: [[UInt8]]

    /// The tree of a file of `fileLength` bytes, which must be more than none. `layer` are the hashes of its pieces; for a
    /// file that fits one piece its root.
    package init(layer: [UInt8], fileLength: UInt64, pieceLength: UInt32) {
        let leaves = MerkleTree.leafCount(fileLength: fileLength, pieceLength: pieceLength)
        self.pieceLayer = leaves.trailingZeroBitCount
        self.pieceCount = layer.count / MerkleTree.hashLength
        self.levels = MerkleTree.levels(
            over: layer, width: MerkleTree.powerOfTwo(holding: self.pieceCount), leavesEach: leaves)
    }

    /// Layers below the root.
    private var height: Int { self.pieceLayer + self.levels.count - 1 }

    /// What it takes to answer; nil for what the tree does not have, or does not go into: runs between the leaves and the
    /// pieces, and runs of leaves of several pieces.
    package func demand(for range: HashRange) -> Demand? {
        guard range.isWellFormed, Int(range.layer) < self.height,
            Int(range.proofLayers) < self.height - Int(range.layer),
            UInt64(range.index) + UInt64(range.count) <= 1 << UInt64(self.height - Int(range.layer))
        else { return nil }
        guard Int(range.layer) < self.pieceLayer else { return .nothing }
        guard range.layer == 0, range.height <= self.pieceLayer else { return nil }
        let piece = Int(range.index) >> self.pieceLayer
        return piece < self.pieceCount ? .piece(piece) : nil
    }

    /// The answer to a request that demands nothing else: the run, then its proof.
    package func hashes(_ range: HashRange) -> [UInt8]? {
        guard self.demand(for: range) == .nothing else { return nil }
        let level = Int(range.layer) - self.pieceLayer
        let start = Int(range.index) * MerkleTree.hashLength
        var answer = Array(self.levels[level][start..<start + Int(range.count) * MerkleTree.hashLength])
        self.appendProof(of: range, to: &answer) { height in self.levels[level + height] }
        return answer
    }

    /// The answer to a request that demands a piece: `bytes` are the file's bytes in it. Nil as well when they are not
    /// what the piece must be.
    package func hashes(_ range: HashRange, piece bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard case .piece(let piece) = self.demand(for: range), bytes.count <= MerkleTree.leafLength << self.pieceLayer
        else { return nil }
        let below = MerkleTree.levels(over: MerkleTree.leaves(of: bytes), width: 1 << self.pieceLayer)
        let place = piece * MerkleTree.hashLength
        guard below.last?.elementsEqual(self.levels[0][place..<place + MerkleTree.hashLength]) == true else {
            return nil
        }
        let first = Int(range.index) - piece << self.pieceLayer
        let start = first * MerkleTree.hashLength
        var answer = Array(below[0][start..<start + Int(range.count) * MerkleTree.hashLength])
        // Positions count from the file's first leaf, and a piece's own tree from the piece's.
        self.appendProof(of: range, to: &answer) { height in
            height < self.pieceLayer ? below[height] : self.levels[height - self.pieceLayer]
        }
        return answer
    }

    /// Appends the sibling of the run's own root and of each ancestor as far as the range says. `level` gives the hashes so
    /// many layers above the run, of the whole file or of the one piece that the run lies in.
    private func appendProof(of range: HashRange, to answer: inout [UInt8], level: (Int) -> [UInt8]) {
        guard range.proofCount > 0 else { return }
        for height in range.height...Int(range.proofLayers) {
            let hashes = level(height)
            let sibling = (Int(range.index) >> height ^ 1) & (hashes.count / MerkleTree.hashLength - 1)
            answer += hashes[sibling * MerkleTree.hashLength..<(sibling + 1) * MerkleTree.hashLength]
        }
    }
}
