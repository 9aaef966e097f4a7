// SPDX-License-Identifier: Apache-2.0

import Metainfo
import PieceStore
import SwarmModel
import Testing

@Suite struct HashTreeTests {
    /// A v2 torrent of one file, and its bytes.
    private static func torrent(length: Int, pieceLength: UInt32) throws -> (metainfo: Metainfo, bytes: [UInt8]) {
        var bytes = [UInt8](repeating: 7, count: length)
        for place in stride(from: 0, to: length, by: 5_000) { bytes[place] = UInt8(truncatingIfNeeded: place / 5_000) }
        let builder = try MetainfoBuilder(
            name: "data", pieceLength: pieceLength, files: [.init(path: ["data"], length: UInt64(length))], kind: .v2,
            isSingleFile: true)
        var hasher = FileMerkleHasher(pieceLength: pieceLength)
        hasher.update(bytes)
        return (try Metainfo(parsing: builder.torrent(pieceHashes: [], merkles: [hasher.finish()])), bytes)
    }

    @Test(arguments: [
        (length: 9 << 20, pieceLength: UInt32(16 << 20), counts: [512, 512]),
        (length: 100_000, pieceLength: UInt32(65_536), counts: [4]),
        (length: 300_000, pieceLength: UInt32(1 << 20), counts: [32]),
    ])
    func `the hashes of a piece's blocks are asked for in runs that the piece's own hash proves`(
        length: Int, pieceLength: UInt32, counts: [Int]
    ) throws {
        let (metainfo, bytes) = try Self.torrent(length: length, pieceLength: pieceLength)
        let trees = try #require(HashTrees(metainfo))
        let piece = PieceIndex(0)
        let ranges = trees.leafRanges(of: piece)
        #expect(ranges.map { Int($0.count) } == counts)
        let target = try #require(trees.target(of: piece))
        #expect(target.length == min(length, Int(pieceLength)))
        for range in ranges {
            #expect(trees.demand(for: range) == .some(piece))
            let hashes = bytes.prefix(target.length).withUnsafeBytes { trees.hashes(range, of: piece, $0) }
            let answer = try #require(hashes)
            #expect(answer.count == range.byteCount)
            #expect(HashProof.leads(range, answer, to: target.hash))
            var wrong = answer
            wrong[wrong.count - 1] ^= 1
            #expect(!HashProof.leads(range, wrong, to: target.hash))
        }
    }

    @Test func `a piece of one block needs no asking, and a torrent without trees has none`() throws {
        let (metainfo, _) = try Self.torrent(length: 50_000, pieceLength: 16_384)
        let trees = try #require(HashTrees(metainfo))
        #expect(trees.leafRanges(of: PieceIndex(1)).isEmpty)
        #expect(trees.leafRanges(of: PieceIndex(99)).isEmpty && trees.target(of: PieceIndex(99)) == nil)
        let bare = try #require(HashTrees(Metainfo(parsingInfo: metainfo.infoBytes)))
        #expect(bare.target(of: PieceIndex(1)) == nil)
        let range = HashRange(root: metainfo.files[0].piecesRoot ?? [], layer: 0, index: 0, count: 2, proofLayers: 0)
        #expect(bare.demand(for: range) == nil && bare.hashes(range) == nil)
        #expect(trees.demand(for: range) == .some(nil) && trees.hashes(range) != nil)
    }

    @Test func `wrong blocks of a piece are found`() async throws {
        let (metainfo, bytes) = try Self.torrent(length: 100_000, pieceLength: 131_072)
        let store = PieceStore()
        let folder = Scratch()
        let storage = try TorrentStorage(store: store, metainfo: metainfo, root: folder.path)
        var damaged = bytes
        damaged[16_384 * 2] ^= 1
        damaged[99_999] ^= 1
        let leaves = bytes.withUnsafeBytes { MerkleTree.leaves(of: $0) }
        let cases: [(content: [UInt8], wrong: [Int])] = [(bytes, []), (damaged, [2, 6])]
        for (content, expected) in cases {
            let buffer = store.buffer(with: content[...])
            let wrong = await withCheckedContinuation { answer in
                storage.wrongBlocks(of: buffer, leaves: leaves, length: 100_000, on: loop) {
                    answer.resume(returning: $0)
                }
            }
            #expect(wrong == expected)
        }
        store.shutdown()
    }
}
