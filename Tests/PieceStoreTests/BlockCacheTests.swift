// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PieceStore
import SwarmModel
import Testing

@Suite struct BlockCacheTests {
    let store: PieceStore
    let folder = Scratch()
    let sample: Sample
    let storage: TorrentStorage

    init() throws {
        var settings = PieceStore.Settings()
        settings.blockCacheBudget = 4 << 20
        self.store = PieceStore(settings: settings)
        self.sample = try Sample([("a", 9_000_000, .regular(isExecutable: false))], pieceLength: 1 << 20)
        self.storage = self.sample.storage(in: self.folder, store: self.store)
    }

    private func range(_ piece: Int, _ begin: Int, _ length: Int = 16_384) -> BlockRange {
        BlockRange(piece: PieceIndex(piece), begin: UInt32(begin), length: UInt32(length))
    }

    /// Runs `body` with a cache on its loop.
    private func onLoop<R: Sendable>(_ body: @escaping @Sendable (BlockCache) -> R) async throws -> R {
        let storage = self.storage
        return try await loop.submit { () -> R in body(BlockCache(storage: storage, loop: loop)) }.get()
    }

    @Test func `a block that must be fetched is announced and then there`() async throws {
        self.sample.write(to: self.folder)
        let range = self.range(2, 16_384 * 5)
        let storage = self.storage
        let bytes: ByteBuffer? = await withCheckedContinuation { answer in
            loop.execute {
                let cache = BlockCache(storage: storage, loop: loop)
                cache.whenRead = { run, error in
                    cache.whenRead = nil
                    guard case .bytes(let bytes) = cache.block(range) else { return answer.resume(returning: nil) }
                    answer.resume(returning: error == nil && run.piece == range.piece ? bytes : nil)
                }
                // Nothing is open yet, so this cannot be answered on the spot.
                guard case .reading = cache.block(range) else { return answer.resume(returning: nil) }
                // Asked again while it is being read: no second read.
                guard case .reading = cache.block(range) else { return answer.resume(returning: nil) }
            }
        }
        #expect(
            bytes.map { Array($0.readableBytesView) }
                == Array(self.sample.bytes(of: 2)[(2 << 20) + 81_920..<(2 << 20) + 98_304]))
        #expect(self.store.totals.read == 512 << 10)
    }

    @Test func `blocks of one run cost one read, whoever asks`() async throws {
        self.sample.write(to: self.folder)
        _ = try self.storage.readBlocking(self.range(0, 0))
        let before = self.store.totals.read
        let sample = self.sample
        let isRight = try await self.onLoop { cache in
            (0..<24).allSatisfy { index in
                let begin = index % 8 * 16_384
                let range = BlockRange(piece: PieceIndex(1), begin: UInt32(begin), length: 16_384)
                guard case .bytes(let bytes) = cache.block(range) else { return false }
                return bytes.readableBytesView.elementsEqual(sample.bytes(of: 1).dropFirst(begin).prefix(16_384))
            }
        }
        #expect(isRight)
        #expect(self.store.totals.read - before == 128 << 10)
    }

    @Test func `requests of every shape get their bytes`() async throws {
        self.sample.write(to: self.folder)
        _ = try self.storage.readBlocking(self.range(0, 0))
        let sample = self.sample
        let isRight = try await self.onLoop { cache in
            [(0, 5, 131_072), (0, 131_000, 200), (8, 0, 131_072), (8, 1, 1), (3, 1_048_575, 1), (3, 0, 131_072)]
                .allSatisfy { piece, begin, length in
                    let range = BlockRange(
                        piece: PieceIndex(piece), begin: UInt32(begin), length: UInt32(length))
                    guard case .bytes(let bytes) = cache.block(range) else { return false }
                    return bytes.readableBytesView.elementsEqual(
                        sample.bytes(of: piece).dropFirst(begin).prefix(length))
                }
        }
        #expect(isRight)
    }

    @Test func `the bounds hold, and what is not used goes`() async throws {
        self.sample.write(to: self.folder)
        _ = try self.storage.readBlocking(self.range(0, 0))
        let (peak, afterTicks) = try await self.onLoop { cache in
            var peak = 0
            for piece in 0..<8 {
                for begin in stride(from: 0, to: 1 << 20, by: 131_072) {
                    _ = cache.block(BlockRange(piece: PieceIndex(piece), begin: UInt32(begin), length: 16_384))
                    peak = max(peak, cache.byteCount)
                }
            }
            cache.tick()
            let kept = cache.byteCount
            cache.tick()
            return (peak, [kept, cache.byteCount])
        }
        #expect(peak > 0 && peak <= 1 << 20)
        #expect(afterTicks[0] > 0 && afterTicks[1] == 0)
    }

    @Test func `an error reaches the caller once`() async throws {
        let storage = self.storage
        let failed: [BlockRange] = await withCheckedContinuation { answer in
            loop.execute {
                let cache = BlockCache(storage: storage, loop: loop)
                let range = { (piece: Int) in BlockRange(piece: PieceIndex(piece), begin: 0, length: 16_384) }
                var failed: [BlockRange] = []
                cache.whenRead = { run, error in
                    if error?.errno == ENOENT { failed.append(run) }
                    if failed.count == 2 { _ = cache.block(range(7)) }
                    guard failed.count == 3 else { return }
                    cache.whenRead = nil
                    answer.resume(returning: failed)
                }
                for _ in 0..<3 { _ = cache.block(range(0)) }
                _ = cache.block(range(4))
            }
        }
        #expect(Set(failed.map(\.piece.offset)) == [0, 4, 7])
    }

    @Test func `whoever comes to wait for a read-ahead hears of its failure`() async throws {
        let storage = self.storage
        let failed: [BlockRange] = await withCheckedContinuation { answer in
            loop.execute {
                let cache = BlockCache(storage: storage, loop: loop)
                var failed: [BlockRange] = []
                cache.whenRead = { run, error in
                    if error != nil { failed.append(run) }
                    guard failed.count == 3 else { return }
                    cache.whenRead = nil
                    answer.resume(returning: failed)
                }
                // The second is next to the first, so the third, which is in piece 1, is read ahead.
                _ = cache.block(BlockRange(piece: PieceIndex(0), begin: 0, length: 16_384))
                _ = cache.block(BlockRange(piece: PieceIndex(0), begin: 512 << 10, length: 16_384))
                _ = cache.block(BlockRange(piece: PieceIndex(1), begin: 0, length: 16_384))
            }
        }
        #expect(Set(failed.map { Int($0.piece.rawValue) << 20 + Int($0.begin) }) == [0, 512 << 10, 1 << 20])
    }

    @Test func `blocks that the torrent does not have are refused`() async throws {
        let refused = try await self.onLoop { cache in
            [(9, 0, 1), (8, 611_392, 1), (0, 0, 0), (0, Int(UInt32.max), 5)].allSatisfy { piece, begin, length in
                let range = BlockRange(piece: PieceIndex(piece), begin: UInt32(begin), length: UInt32(length))
                guard case .outOfRange = cache.block(range) else { return false }
                return true
            }
        }
        #expect(refused)
    }
}
