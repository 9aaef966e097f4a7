// SPDX-License-Identifier: Apache-2.0

import Crypto
import Metainfo
import SwarmModel
import Testing

@Suite struct MerkleTreeTests {
    /// The whole tree by the book: every leaf made, missing ones zero, up to a power of two.
    static func plainRoot(_ bytes: [UInt8]) -> [UInt8] {
        var layer = stride(from: 0, to: bytes.count, by: 16_384).map { start in
            Array(SHA256.hash(data: bytes[start..<min(start + 16_384, bytes.count)]))
        }
        while layer.count.nonzeroBitCount != 1 { layer.append([UInt8](repeating: 0, count: 32)) }
        while layer.count > 1 {
            layer = stride(from: 0, to: layer.count, by: 2).map { Array(SHA256.hash(data: layer[$0] + layer[$0 + 1])) }
        }
        return layer[0]
    }

    static func bytes(_ count: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(count))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    @Test(arguments: [1, 16_383, 16_384, 16_385, 32_768, 40_000, 65_536, 65_537, 131_072, 200_000, 524_289])
    func `a root is that of the whole tree, whatever the piece length and the portions`(count: Int) {
        let bytes = Self.bytes(count)
        let root = Self.plainRoot(bytes)
        for pieceLength: UInt32 in [16_384, 32_768, 65_536, 1 << 20] {
            for portion in [1_000, 16_384, 50_001, count] {
                var hasher = FileMerkleHasher(pieceLength: pieceLength)
                for start in stride(from: 0, to: count, by: portion) {
                    hasher.update(Array(bytes[start..<min(start + portion, count)]))
                }
                let merkle = hasher.finish()
                #expect(merkle.root == root)
                let pieces = (count - 1) / Int(pieceLength) + 1
                #expect(merkle.pieceLayer.count == (pieces > 1 ? pieces * 32 : 0))
            }
        }
    }

    @Test func `piece hashes made apart give the same tree`() {
        let bytes = Self.bytes(300_000)
        for pieceLength: UInt32 in [16_384, 65_536, 1 << 20] {
            let leafCount = MerkleTree.leafCount(fileLength: 300_000, pieceLength: pieceLength)
            let hashes = stride(from: 0, to: bytes.count, by: Int(pieceLength)).flatMap { start in
                MerkleTree.pieceHash(
                    Array(bytes[start..<min(start + Int(pieceLength), bytes.count)]), leafCount: leafCount)
            }
            var hasher = FileMerkleHasher(pieceLength: pieceLength)
            hasher.update(bytes)
            #expect(FileMerkle(pieceHashes: hashes, fileLength: 300_000, pieceLength: pieceLength) == hasher.finish())
        }
    }

    @Test func `a file without bytes has no root`() {
        #expect(
            FileMerkleHasher(pieceLength: 16_384).finish()
                == FileMerkle(pieceHashes: [], fileLength: 0, pieceLength: 16_384))
        #expect(FileMerkleHasher(pieceLength: 16_384).finish().root == nil)
    }

    @Test func `a power of two holds its count`() {
        #expect(
            [0, 1, 2, 3, 4, 5, 1023, 1024, 1025].map { MerkleTree.powerOfTwo(holding: $0) }
                == [1, 1, 2, 4, 4, 8, 1024, 1024, 2048])
    }
}
