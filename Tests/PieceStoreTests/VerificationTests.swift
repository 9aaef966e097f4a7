// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import SwarmModel
import Synchronization
import Testing

@Suite struct VerificationTests {
    let store = PieceStore()
    let folder = Scratch()
    static let plain = FileLayout.Kind.regular(isExecutable: false)

    @Test func `what is right is found right, across files and padding`() async throws {
        let sample = try Sample(StoringTests.mixed, pieceLength: 16_384)
        sample.write(to: self.folder)
        let outcome = await sample.storage(in: self.folder, store: self.store).verify()
        #expect(outcome.valid.isFull)
        #expect(outcome.error == nil)
        #expect(!outcome.wasCancelled)
    }

    @Test func `one wrong byte costs one piece`() async throws {
        let sample = try Sample([("a", 100_000, Self.plain), ("b", 100_000, Self.plain)], pieceLength: 16_384)
        sample.write(to: self.folder)
        var bytes = sample.bytes(of: "b")
        bytes[50_000] ^= 0x80
        self.folder.write(bytes, to: "b")
        let outcome = await sample.storage(in: self.folder, store: self.store).verify()
        #expect(outcome.valid.setCount == sample.geometry.pieceCount - 1)
        #expect(!outcome.valid[PieceIndex(150_000 / 16_384)])
    }

    @Test func `only chosen pieces are read`() async throws {
        let sample = try Sample([("a", 1_000_000, Self.plain)], pieceLength: 16_384)
        sample.write(to: self.folder)
        var wanted = Bitfield(count: sample.geometry.pieceCount)
        wanted.insert(PieceIndex(3))
        wanted.insert(PieceIndex(61))
        let outcome = await sample.storage(in: self.folder, store: self.store).verify(wanted)
        #expect(outcome.valid == wanted)
        #expect(self.store.totals.read == 16_384 + 1_000_000 - 61 * 16_384)
    }

    @Test func `missing files and holes are not read`() async throws {
        let sample = try Sample([("T/a", 1 << 20, Self.plain), ("T/b", 1 << 20, Self.plain)], pieceLength: 65_536)
        let storage = sample.storage(in: self.folder, store: self.store)
        #expect(await storage.verify().valid.isEmpty)
        #expect(self.store.totals.read == 0)
        for piece in [2, 3] { #expect(await storage.store(piece, of: sample) == .stored) }
        let outcome = await storage.verify()
        #expect(outcome.valid.setCount == 2)
        #expect(outcome.error == nil)
        #expect(self.store.totals.read == 2 * 65_536)
    }

    @Test func `a hole is right where the payload is zeros`() async throws {
        let entries = [FileLayout.File(path: ["z"], offset: 0, length: 300_000)]
        let sample = try Sample(entries, payload: [UInt8](repeating: 0, count: 300_000), pieceLength: 65_536)
        self.folder.write([], to: "z")
        truncate(self.folder("z"), 300_000)
        #expect(await sample.storage(in: self.folder, store: self.store).verify().valid.isFull)
        #expect(self.store.totals.read == 0)
    }

    @Test func `a file that was replaced is seen as it is now`() async throws {
        let sample = try Sample([("a", 100_000, Self.plain)], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        await storage.storeAll(of: sample)
        unlink(self.folder("a"))
        self.folder.write([UInt8](repeating: 1, count: 100_000), to: "a")
        #expect(await storage.verify().valid.isEmpty)
    }

    @Test func `a short file loses only its missing end, by check and by verification`() async throws {
        let sample = try Sample([("a", 100_000, Self.plain), ("b", 20_000, Self.plain)], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        await storage.storeAll(of: sample)
        let have = Bitfield(count: sample.geometry.pieceCount, filled: true)
        #expect(try await storage.quickCheck(have).isEmpty)
        truncate(self.folder("a"), 70_000)
        let lost = try await storage.quickCheck(have)
        var expected = Bitfield(count: have.count)
        for piece in 70_000 / 16_384...99_999 / 16_384 { expected.insert(PieceIndex(piece)) }
        #expect(lost == expected)
        #expect(await storage.verify().valid.setCount == have.count - expected.setCount)
        unlink(self.folder("b"))
        expected.insert(PieceIndex(100_000 / 16_384))
        expected.insert(PieceIndex(119_999 / 16_384))
        #expect(try await storage.quickCheck(have) == expected)
        #expect(try await storage.quickCheck(Bitfield(count: have.count)).isEmpty)
    }

    @Test func `progress rises to the whole`() async throws {
        let sample = try Sample([("a", 30 << 20, Self.plain)], pieceLength: 1 << 20)
        sample.write(to: self.folder)
        let storage = sample.storage(in: self.folder, store: self.store)
        let seen = Mutex<[Int]>([])
        let outcome = await withCheckedContinuation { answer in
            storage.verify(
                on: loop,
                progress: { done, total in
                    seen.withLock { $0.append(done) }
                    if total != 30 { seen.withLock { $0.append(-1) } }
                }, then: { answer.resume(returning: $0) })
        }
        #expect(outcome.valid.isFull)
        let steps = seen.withLock { $0 }
        #expect(steps == steps.sorted() && steps.first ?? -1 > 0)
    }

    @Test func `a cancelled verification ends and says so`() async throws {
        let sample = try Sample([("a", 64 << 20, Self.plain)], pieceLength: 1 << 20)
        sample.write(to: self.folder)
        let storage = sample.storage(in: self.folder, store: self.store)
        // It has not read a piece yet when it is cancelled.
        let threads = HeldThreads(of: self.store)
        let outcome = await withCheckedContinuation { answer in
            let verification = storage.verify(on: loop) { answer.resume(returning: $0) }
            verification.cancel()
            threads.letGo()
        }
        #expect(outcome.wasCancelled)
        #expect(outcome.valid.setCount < 64)
    }

    @Test func `a torrent removed during its verification ends it`() async throws {
        let sample = try Sample([("T/a", 64 << 20, Self.plain)], pieceLength: 1 << 20)
        sample.write(to: self.folder)
        let storage = sample.storage(in: self.folder, store: self.store)
        async let outcome = storage.verify()
        try await storage.removeData()
        _ = await outcome
        #expect(!self.folder.exists("T"))
    }
}
