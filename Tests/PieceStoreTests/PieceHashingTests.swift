// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwarmModel
import Testing

@testable import PieceStore

@Suite struct PieceHashingTests {
    let folder = Scratch()

    /// Bytes that nobody could guess, the same in every run.
    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func reference(_ bytes: [UInt8]) -> PieceDigest {
        PieceDigest(Insecure.SHA1.hash(data: bytes))
    }

    private static func pair(_ first: [UInt8], _ second: [UInt8], cut: Int) -> [PieceDigest] {
        first.withUnsafeBytes { one in
            second.withUnsafeBytes { two in
                var hasher = PairedSHA1()
                hasher.update(.init(rebasing: one[..<cut]), .init(rebasing: two[..<cut]))
                let digests = hasher.finalize(.init(rebasing: one[cut...]), .init(rebasing: two[cut...]))
                return [digests.first, digests.second]
            }
        }
    }

    @Test(.enabled(if: PairedSHA1.isAvailable, "this processor has no SHA instructions"))
    func `two at once hash as each alone, at every length and cut`() {
        for length in Array(0...260) + [1_000, 4_096, 16_383, 16_384, 65_536] {
            let (first, second) = (Self.bytes(length, seed: 1), Self.bytes(length, seed: 2))
            let expected = [Self.reference(first), Self.reference(second)]
            for cut in Set([0, length / 128 * 64, length / 64 * 64]) {
                #expect(Self.pair(first, second, cut: cut) == expected, "\(length) bytes cut at \(cut)")
            }
        }
    }

    @Test func `a wrong piece among right ones is the only one refused, however they meet`() async throws {
        let sample = try Sample([("f", 1 << 20, .regular(isExecutable: false))], pieceLength: 16_384)
        let store = PieceStore()
        let storage = sample.storage(in: self.folder, store: store)
        let wrong = Set([1, 6, 7, 30, 63])
        let outcomes = await withTaskGroup(of: (Int, PieceOutcome).self) { group in
            for piece in 0..<sample.geometry.pieceCount {
                var bytes = Array(sample.bytes(of: piece))
                if wrong.contains(piece) { bytes[bytes.count - 1] ^= 0x80 }
                let buffer = store.buffer(with: bytes[...])
                group.addTask { (piece, await storage.complete(piece, buffer)) }
            }
            return await group.reduce(into: [Int: PieceOutcome]()) { $0[$1.0] = $1.1 }
        }
        #expect(Set(outcomes.filter { $0.value == .hashMismatch }.keys) == wrong)
        #expect(outcomes.values.count { $0 == .stored } == sample.geometry.pieceCount - wrong.count)
        #expect(store.totals.hashed == 1 << 20)
    }

    @Test func `a piece that waits for a second one that never comes is hashed all the same`() async throws {
        let sample = try Sample([("f", 60_000, .regular(isExecutable: false))], pieceLength: 16_384)
        let store = PieceStore()
        let storage = sample.storage(in: self.folder, store: store)
        // One after the other; the last is short, so it fits none of the others.
        for piece in 0..<sample.geometry.pieceCount {
            #expect(await storage.store(piece, of: sample) == .stored)
        }
        #expect(await storage.verify().valid.isFull)
    }

    @Test func `pieces of odd length verify in pairs and alone`() async throws {
        let sample = try Sample([("f", 7 * 16_385 + 3, .regular(isExecutable: false))], pieceLength: 16_385)
        let storage = sample.storage(in: self.folder, store: PieceStore())
        await storage.storeAll(of: sample)
        #expect(await storage.verify().valid.isFull)
        var bytes = sample.payload
        bytes[3 * 16_385 + 5] ^= 1
        self.folder.write(bytes, to: "f")
        var expected = Bitfield(count: sample.geometry.pieceCount, filled: true)
        expected.remove(PieceIndex(3))
        #expect(await storage.verify().valid == expected)
    }
}
