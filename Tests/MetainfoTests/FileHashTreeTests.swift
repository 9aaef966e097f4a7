// SPDX-License-Identifier: Apache-2.0

import Metainfo
import SwarmModel
import Testing

@Suite struct FileHashTreeTests {
    /// The file's whole tree by the book, from the leaves up.
    private static func levels(_ bytes: [UInt8]) -> [[[UInt8]]] {
        var level = stride(from: 0, to: bytes.count, by: 16_384).map { start in
            MerkleTreeTests.plainRoot(Array(bytes[start..<min(start + 16_384, bytes.count)]))
        }
        while level.count.nonzeroBitCount != 1 { level.append([UInt8](repeating: 0, count: 32)) }
        var levels = [level]
        while level.count > 1 {
            level = stride(from: 0, to: level.count, by: 2).map {
                MerkleTree.root(of: level[$0] + level[$0 + 1], width: 2)
            }
            levels.append(level)
        }
        return levels
    }

    private static func piece(_ number: Int, of bytes: [UInt8], _ pieceLength: UInt32) -> [UInt8] {
        Array(bytes.dropFirst(number * Int(pieceLength)).prefix(Int(pieceLength)))
    }

    private static func answer(
        _ tree: FileHashTree, _ range: HashRange, _ bytes: [UInt8], _ pieceLength: UInt32
    ) -> [UInt8]? {
        switch tree.demand(for: range) {
        case nil: return nil
        case .nothing: return tree.hashes(range)
        case .piece(let number):
            let piece = Self.piece(number, of: bytes, pieceLength)
            return piece.withUnsafeBytes { tree.hashes(range, piece: $0) }
        }
    }

    @Test(arguments: [16_385, 40_000, 131_072, 200_000, 400_001])
    func `every run that may be asked for comes with a proof that leads to the root`(length: Int) throws {
        let bytes = MerkleTreeTests.bytes(length)
        let levels = Self.levels(bytes)
        let root = try #require(levels.last?.first)
        for pieceLength: UInt32 in [16_384, 32_768, 65_536, 1 << 20] {
            var hasher = FileMerkleHasher(pieceLength: pieceLength)
            hasher.update(bytes)
            let merkle = hasher.finish()
            let layer = merkle.pieceLayer.isEmpty ? root : merkle.pieceLayer
            let tree = FileHashTree(layer: layer, fileLength: UInt64(length), pieceLength: pieceLength)
            let height = levels.count - 1
            let pieceLayer = min(height, Int(pieceLength / 16_384).trailingZeroBitCount)
            for base in [0, pieceLayer] where base < height {
                for bits in 1...height - base {
                    for index in stride(from: 0, to: levels[base].count, by: 1 << bits) {
                        for proofLayers in 0..<height - base {
                            let range = HashRange(
                                root: root, layer: UInt32(base), index: UInt32(index), count: 1 << UInt32(bits),
                                proofLayers: UInt32(proofLayers))
                            // Leaves of several pieces, or of none, are not served.
                            let isServed =
                                base == pieceLayer
                                || bits <= pieceLayer
                                    && (index << 14) / Int(pieceLength) <= (length - 1) / Int(pieceLength)
                            let answer = Self.answer(tree, range, bytes, pieceLength)
                            #expect((answer != nil) == isServed)
                            guard let answer else { continue }
                            #expect(
                                Array(answer.prefix(32 << bits))
                                    == levels[base][index..<index + 1 << bits].flatMap(\.self))
                            let top = base + bits + range.proofCount
                            #expect(
                                MerkleTree.hash(above: range, answer) == levels[top][index >> (bits + range.proofCount)]
                            )
                        }
                    }
                }
            }
        }
    }

    @Test func `what no tree has is not answered`() {
        let bytes = MerkleTreeTests.bytes(200_000)
        var hasher = FileMerkleHasher(pieceLength: 32_768)
        hasher.update(bytes)
        let merkle = hasher.finish()
        let tree = FileHashTree(layer: merkle.pieceLayer, fileLength: 200_000, pieceLength: 32_768)
        let root = merkle.root ?? []
        func demand(_ layer: UInt32, _ index: UInt32, _ count: UInt32, _ proof: UInt32) -> FileHashTree.Demand? {
            tree.demand(for: HashRange(root: root, layer: layer, index: index, count: count, proofLayers: proof))
        }
        // Sixteen leaves, eight pieces, a root four layers up.
        #expect(demand(1, 0, 8, 2) == .nothing && demand(0, 2, 2, 3) == .piece(1))
        #expect(demand(1, 0, 8, 3) == nil && demand(0, 2, 2, 4) == nil && demand(4, 0, 2, 0) == nil)
        #expect(demand(1, 8, 8, 0) == nil && demand(1, 0xFFFF_FFFE, 2, 0) == nil && demand(0, 14, 2, 0) == nil)
        #expect(demand(0, 0, 4, 0) == nil && demand(1, 0, 3, 0) == nil && demand(63, 0, 2, 63) == nil)
    }

    @Test func `blocks of a piece that is damaged are not answered for`() {
        let bytes = MerkleTreeTests.bytes(100_000)
        var hasher = FileMerkleHasher(pieceLength: 65_536)
        hasher.update(bytes)
        let merkle = hasher.finish()
        let tree = FileHashTree(layer: merkle.pieceLayer, fileLength: 100_000, pieceLength: 65_536)
        let range = HashRange(root: merkle.root ?? [], layer: 0, index: 0, count: 4, proofLayers: 0)
        var piece = Self.piece(0, of: bytes, 65_536)
        #expect(piece.withUnsafeBytes { tree.hashes(range, piece: $0) } != nil)
        piece[20_000] ^= 1
        #expect(piece.withUnsafeBytes { tree.hashes(range, piece: $0) } == nil)
    }

    @Test func `a proof with one bit wrong leads elsewhere`() throws {
        let bytes = MerkleTreeTests.bytes(400_001)
        var hasher = FileMerkleHasher(pieceLength: 16_384)
        hasher.update(bytes)
        let merkle = hasher.finish()
        let root = try #require(merkle.root)
        let tree = FileHashTree(layer: merkle.pieceLayer, fileLength: 400_001, pieceLength: 16_384)
        let range = HashRange(root: root, layer: 0, index: 8, count: 4, proofLayers: 4)
        let answer = try #require(tree.hashes(range))
        #expect(MerkleTree.hash(above: range, answer) == root)
        for place in answer.indices {
            var wrong = answer
            wrong[place] ^= 0x10
            #expect(MerkleTree.hash(above: range, wrong) != root)
        }
        #expect(MerkleTree.hash(above: range, answer.dropLast()) == nil)
    }
}
