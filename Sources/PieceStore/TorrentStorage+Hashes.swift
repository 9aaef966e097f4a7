// SPDX-License-Identifier: Apache-2.0

import Metainfo
package import NIOCore
package import SwarmModel
import Synchronization

extension TorrentStorage {
    /// Answers a request for hashes of a file's tree (BEP 52) on a store thread: the run, then its proof; nil for what
    /// cannot be answered. `have` tells which pieces may be read for it.
    package func hashes(
        _ range: HashRange, from trees: HashTrees, having have: Bitfield, on loop: any EventLoop,
        then: @escaping @Sendable ([UInt8]?) -> Void
    ) {
        self.perform(.bulk, on: loop) { () throws(StorageError) -> [UInt8]? in
            guard let demand = trees.demand(for: range) else { return nil }
            guard let piece = demand else { return trees.hashes(range) }
            guard self.geometry.contains(piece), have[piece] else { return nil }
            let run = BlockRange(piece: piece, begin: 0, length: self.geometry.length(of: piece))
            let bytes = try self.readBlocking(run)
            self.store.statistics.hashed.add(bytes.readableBytes, ordering: .relaxed)
            return bytes.withUnsafeReadableBytes { trees.hashes(range, of: piece, $0) }
        } then: { result in
            then((try? result.get()) ?? nil)
        }
    }

    /// The hashes of the blocks of a piece in memory, one after the other, the last perhaps of a shorter one.
    package func blockHashes(
        of buffer: PieceBuffer, on loop: any EventLoop, then: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.store.compute(on: loop) {
            buffer.withUnsafeBytes { MerkleTree.leaves(of: $0) }
        } then: {
            then($0)
        }
    }

    /// Which blocks of a piece in memory are not what they must be, by the hashes of its blocks, one after the other
    /// (BEP 52); the last may be shorter than the others. `length` bytes of it are the file's.
    package func wrongBlocks(
        of buffer: PieceBuffer, leaves: [UInt8], length: Int, on loop: any EventLoop,
        then: @escaping @Sendable ([Int]) -> Void
    ) {
        self.store.compute(on: loop) {
            buffer.withUnsafeBytes { bytes in
                let hashes = MerkleTree.leaves(of: UnsafeRawBufferPointer(rebasing: bytes[..<min(length, bytes.count)]))
                let size = MerkleTree.hashLength
                return (0..<hashes.count / size).filter { block in
                    let place = block * size..<(block + 1) * size
                    return place.upperBound > leaves.count || hashes[place] != leaves[place]
                }
            }
        } then: {
            then($0)
        }
    }
}
