// SPDX-License-Identifier: Apache-2.0

package import Metainfo
package import SwarmModel
import Synchronization

/// The hash trees of a torrent's files as far as its metainfo has them (BEP 52): for what peers ask, and to find out which
/// block of a piece is wrong.
package final class HashTrees: Sendable {
    /// Trees that are kept; peers go through one file after another.
    private static let keptTrees = 4

    private let metainfo: Metainfo
    /// Of the files with a root, one for each.
    private let files: [[UInt8]: FileEntry]
    private let trees = Mutex<[(root: [UInt8], tree: FileHashTree)]>([])

    /// Those of a torrent; nil when it has none.
    package init?(_ metainfo: Metainfo) {
        guard metainfo.isV2 else { return nil }
        self.metainfo = metainfo
        var files: [[UInt8]: FileEntry] = [:]
        for file in metainfo.files {
            if let root = file.piecesRoot, files[root] == nil { files[root] = file }
        }
        self.files = files
    }

    /// What a piece must hash to, and how many of its bytes are the file's and hashed, when that is known.
    package func target(of piece: PieceIndex) -> (hash: [UInt8], length: Int)? {
        self.check(piece).map { ($0.hash, $0.length) }
    }

    private func check(_ piece: PieceIndex) -> MerkleCheck? {
        self.metainfo.geometry.contains(piece) ? self.metainfo.merkleCheck(piece) : nil
    }

    /// Ranges that tell the hashes of all blocks of a piece, each with a proof that leads to the piece's own hash. None
    /// when that is not known, or the piece is one block.
    package func leafRanges(of piece: PieceIndex) -> [HashRange] {
        guard let check = self.check(piece), check.leafCount > 1,
            let file = self.metainfo.file(at: self.metainfo.geometry.offset(of: piece)), let root = file.piecesRoot
        else { return [] }
        let inFile =
            (self.metainfo.geometry.offset(of: piece) - file.offset) / UInt64(self.metainfo.geometry.pieceLength)
        let first = Int(inFile) * check.leafCount
        let count = min(check.leafCount, HashRange.usualCount)
        let proofLayers = count == check.leafCount ? 0 : check.leafCount.trailingZeroBitCount - 1
        let blocks = (check.length + MerkleTree.leafLength - 1) / MerkleTree.leafLength
        return stride(from: 0, to: blocks, by: count).map { start in
            HashRange(
                root: root, layer: 0, index: UInt32(first + start), count: UInt32(count),
                proofLayers: UInt32(proofLayers))
        }
    }

    /// The piece whose bytes it takes to answer a request, nil in it for none; nil when there is no answer.
    package func demand(for range: HashRange) -> PieceIndex?? {
        guard let file = self.files[range.root], let tree = self.tree(of: file), let demand = tree.demand(for: range)
        else { return nil }
        switch demand {
        case .nothing: return .some(nil)
        case .piece(let piece):
            let first = Int(file.offset / UInt64(self.metainfo.geometry.pieceLength))
            return .some(PieceIndex(first + piece))
        }
    }

    /// The answer to a request that demands no piece.
    package func hashes(_ range: HashRange) -> [UInt8]? {
        self.files[range.root].flatMap { self.tree(of: $0) }?.hashes(range)
    }

    /// The answer to a request that demands a piece, from the piece's bytes; padding behind the file's may be there.
    package func hashes(_ range: HashRange, of piece: PieceIndex, _ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard let file = self.files[range.root], let length = self.check(piece)?.length, length <= bytes.count else {
            return nil
        }
        return self.tree(of: file)?.hashes(range, piece: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }

    /// A tree, made when it is not at hand: as much work as the file has pieces.
    private func tree(of file: FileEntry) -> FileHashTree? {
        guard let root = file.piecesRoot else { return nil }
        if let known = self.trees.withLock({ $0.first { $0.root == root }?.tree }) { return known }
        let pieceLength = self.metainfo.geometry.pieceLength
        let layer = file.length <= UInt64(pieceLength) ? root : self.metainfo.pieceLayers[root]
        guard let layer else { return nil }
        let tree = FileHashTree(layer: layer, fileLength: file.length, pieceLength: pieceLength)
        self.trees.withLock { trees in
            if trees.count >= Self.keptTrees { trees.removeFirst() }
            trees.append((root, tree))
        }
        return tree
    }
}
