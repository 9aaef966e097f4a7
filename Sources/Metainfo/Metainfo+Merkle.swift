// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Metainfo {
    /// What a piece, which must exist, hashes to by v2; nil when the torrent is v1 only, or the layer of the piece's file
    /// is not at hand.
    package func merkleCheck(_ piece: PieceIndex) -> MerkleCheck? {
        guard self.isV2 else { return nil }
        let offset = self.geometry.offset(of: piece)
        guard let file = self.file(at: offset), let root = file.piecesRoot else { return nil }
        let pieceLength = self.geometry.pieceLength
        let length = Int(min(UInt64(pieceLength), file.end - offset))
        let leafCount = MerkleTree.leafCount(fileLength: file.length, pieceLength: pieceLength)
        if file.length <= UInt64(pieceLength) { return MerkleCheck(hash: root, leafCount: leafCount, length: length) }
        guard let layer = self.pieceLayers[root] else { return nil }
        let start = Int((offset - file.offset) / UInt64(pieceLength)) * MerkleTree.hashLength
        // Two files may claim one root and different lengths; the layer is right for one of them.
        guard start + MerkleTree.hashLength <= layer.count else { return nil }
        return MerkleCheck(
            hash: Array(layer[start..<start + MerkleTree.hashLength]), leafCount: leafCount, length: length)
    }

    /// Whether the v2 hash of every piece is at hand. True of a v1 torrent, which has none.
    package var hasAllPieceLayers: Bool {
        self.files.allSatisfy { file in
            guard let root = file.piecesRoot, file.length > UInt64(self.geometry.pieceLength) else { return true }
            return self.pieceLayers[root] != nil
        }
    }

    /// Files whose piece layer is not at hand, one for each root, with how many pieces they have.
    package var missingLayers: [(root: [UInt8], pieceCount: Int)] {
        let pieceLength = UInt64(self.geometry.pieceLength)
        var seen = Set<[UInt8]>()
        return self.files.compactMap { file in
            guard let root = file.piecesRoot, file.length > pieceLength, self.pieceLayers[root] == nil,
                seen.insert(root).inserted
            else { return nil }
            return (root, Int((file.length - 1) / pieceLength) + 1)
        }
    }

    /// How many layers the pieces of a v2 torrent lie above the leaves.
    package var pieceLayer: Int {
        max(0, Int(self.geometry.pieceLength) / MerkleTree.leafLength).trailingZeroBitCount
    }

    /// The entry that holds the payload's byte at `offset`; nil beyond the end.
    package func file(at offset: UInt64) -> FileEntry? {
        var low = 0
        var high = self.files.count
        while low < high {
            let middle = (low + high) / 2
            if self.files[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        return low < self.files.count ? self.files[low] : nil
    }
}
