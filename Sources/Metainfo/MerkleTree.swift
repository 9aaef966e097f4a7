// SPDX-License-Identifier: Apache-2.0

import Crypto
package import SwarmModel

/// The hash trees of BEP 52: SHA-256 over blocks of 16 KiB, paired up to one root, missing blocks counting as 32 zero
/// bytes. Hashes stand one after the other in flat arrays, 32 bytes each.
package enum MerkleTree {
    /// Bytes under one leaf.
    package static let leafLength = 16_384
    /// Bytes of a hash.
    package static let hashLength = 32

    /// How many leaves a piece of a file spans: those of `pieceLength`, or for a file that fits one piece the power of
    /// two that holds it. `pieceLength` is a power of two of at least 16 KiB.
    package static func leafCount(fileLength: UInt64, pieceLength: UInt32) -> Int {
        guard fileLength <= UInt64(pieceLength) else { return Int(pieceLength) / self.leafLength }
        return self.powerOfTwo(holding: (Int(fileLength) + self.leafLength - 1) / self.leafLength)
    }

    /// The hash of one piece of one file: `bytes` are the file's bytes in it, at most `leafCount` blocks.
    package static func pieceHash(_ bytes: UnsafeRawBufferPointer, leafCount: Int) -> [UInt8] {
        self.root(of: self.leaves(of: bytes), width: leafCount)
    }

    /// The hash of one piece of one file.
    package static func pieceHash(_ bytes: [UInt8], leafCount: Int) -> [UInt8] {
        bytes.withUnsafeBytes { self.pieceHash($0, leafCount: leafCount) }
    }

    /// The root over `hashes`, filled up to `width`, a power of two. `leavesEach` is how many leaves each hash stands
    /// for: 1 for leaves, those of a piece for a piece layer.
    package static func root(of hashes: [UInt8], width: Int, leavesEach: Int = 1) -> [UInt8] {
        precondition(width.nonzeroBitCount == 1 && leavesEach.nonzeroBitCount == 1, "tree widths are powers of two")
        precondition(hashes.count <= width * self.hashLength, "more hashes than the tree is wide")
        var layer = hashes
        var filler = self.zeroRoot(leaves: leavesEach)
        for _ in 0..<width.trailingZeroBitCount {
            if layer.count % (2 * self.hashLength) != 0 { layer += filler }
            layer = self.pairs(layer)
            filler = self.pairs(filler + filler)
        }
        return layer.isEmpty ? filler : layer
    }

    /// Every level over `hashes` up to the root, each filled up to its whole width: first `width` hashes, last one. See
    /// `root`.
    static func levels(over hashes: [UInt8], width: Int, leavesEach: Int = 1) -> [[UInt8]] {
        precondition(width.nonzeroBitCount == 1 && leavesEach.nonzeroBitCount == 1, "tree widths are powers of two")
        precondition(hashes.count <= width * self.hashLength, "more hashes than the tree is wide")
        var level = hashes
        level.reserveCapacity(width * self.hashLength)
        let filler = self.zeroRoot(leaves: leavesEach)
        while level.count < width * self.hashLength { level += filler }
        var levels = [level]
        while level.count > self.hashLength {
            level = self.pairs(level)
            levels.append(level)
        }
        return levels
    }

    /// The hash that a run of hashes and its proof lead to (BEP 52, "hashes"): the root when the proof goes all the way.
    /// `range` must be well-formed; nil when `hashes` are not as many as it says.
    package static func hash(above range: HashRange, _ hashes: some Collection<UInt8>) -> [UInt8]? {
        guard range.isWellFormed, hashes.count == range.byteCount else { return nil }
        let runLength = Int(range.count) * self.hashLength
        var hash = self.root(of: Array(hashes.prefix(runLength)), width: Int(range.count))
        var rest = hashes.dropFirst(runLength)
        var position = range.index >> UInt32(range.height)
        for _ in 0..<range.proofCount {
            let sibling = Array(rest.prefix(self.hashLength))
            hash = self.pairs(position.isMultiple(of: 2) ? hash + sibling : sibling + hash)
            rest = rest.dropFirst(self.hashLength)
            position >>= 1
        }
        return hash
    }

    /// The hashes of the blocks of `bytes`, one after the other, the last perhaps of a shorter one.
    package static func leaves(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var leaves: [UInt8] = []
        leaves.reserveCapacity((bytes.count / self.leafLength + 1) * self.hashLength)
        var start = 0
        while start < bytes.count {
            let end = min(start + self.leafLength, bytes.count)
            self.append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), to: &leaves)
            start = end
        }
        return leaves
    }

    /// The least power of two that is at least `count`; 1 for 0.
    package static func powerOfTwo(holding count: Int) -> Int {
        count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }

    /// The root of a tree of `leaves` missing blocks.
    private static func zeroRoot(leaves: Int) -> [UInt8] {
        (0..<leaves.trailingZeroBitCount).reduce([UInt8](repeating: 0, count: self.hashLength)) { hash, _ in
            self.pairs(hash + hash)
        }
    }

    private static func pairs(_ layer: [UInt8]) -> [UInt8] {
        var above: [UInt8] = []
        above.reserveCapacity(layer.count / 2)
        layer.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 2 * self.hashLength) {
                self.append(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 2 * self.hashLength]), to: &above)
            }
        }
        return above
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, to hashes: inout [UInt8]) {
        var hasher = SHA256()
        hasher.update(bufferPointer: bytes)
        hasher.finalize().withUnsafeBytes { hashes.append(contentsOf: $0) }
    }
}
