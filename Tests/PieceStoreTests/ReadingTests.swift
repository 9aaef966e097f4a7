// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore
import PieceStore
import SwarmModel
import Testing

@Suite struct ReadingTests {
    let store = PieceStore()
    let folder = Scratch()
    static let plain = FileLayout.Kind.regular(isExecutable: false)

    @Test func `a run over files and padding is what was shared`() async throws {
        let sample = try Sample(StoringTests.mixed, pieceLength: 65_536)
        sample.write(to: self.folder)
        let storage = sample.storage(in: self.folder, store: self.store)
        for (piece, begin, length) in [(0, 0, 65_536), (0, 9_999, 2), (1, 14_000, 20_000), (1, 65_535, 1), (2, 4, 1)] {
            let range = BlockRange(piece: PieceIndex(piece), begin: UInt32(begin), length: UInt32(length))
            let bytes = try await storage.read(range).get()
            #expect(Array(bytes.readableBytesView) == Array(sample.bytes(of: piece).dropFirst(begin).prefix(length)))
            var prompt = ByteBuffer()
            #expect(storage.readCached(range, into: &prompt))
            #expect(prompt == bytes)
        }
    }

    @Test func `bytes that the torrent does not have are refused`() async throws {
        let sample = try Sample([("a", 20_000, Self.plain)], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        for (piece, begin, length) in [(2, 0, 1), (1, 3_616, 1), (0, 0, 16_385), (0, .max, .max), (0, 0, 0)]
            as [(UInt32, UInt32, UInt32)]
        {
            let range = BlockRange(piece: PieceIndex(piece), begin: begin, length: length)
            guard case .failure(let error) = await storage.read(range) else {
                Issue.record("read \(range)")
                continue
            }
            #expect(error.reason == .outOfRange)
            var buffer = ByteBuffer()
            #expect(!storage.readCached(range, into: &buffer))
        }
    }

    @Test func `reads fail with their place when files are missing or short`() async throws {
        let sample = try Sample([("a", 20_000, Self.plain)], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        let range = BlockRange(piece: PieceIndex(1), begin: 0, length: 1_000)
        guard case .failure(let missing) = await storage.read(range) else { return }
        #expect(missing.errno == ENOENT)
        #expect(missing.path == self.folder("a"))
        self.folder.write(Array(sample.payload[..<17_000]), to: "a")
        guard case .failure(let short) = await storage.read(range) else { return }
        #expect(short.reason == .tooShort)
        #expect(short.offset == 17_000)
    }

    @Test func `the memory of a buffer nobody holds is read into again`() async throws {
        let sample = try Sample([("a", 1 << 20, Self.plain)], pieceLength: 1 << 20)
        sample.write(to: self.folder)
        let storage = sample.storage(in: self.folder, store: self.store)
        let run = BlockRange(piece: PieceIndex(0), begin: 0, length: 65_536)
        var buffer = try storage.readBlocking(run)
        let first = buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) }
        buffer = try storage.readBlocking(run, recycling: buffer.take())
        #expect(buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) } == first)
    }
}

extension ByteBuffer {
    /// Moves the value out, so that no second reference to its memory is left.
    fileprivate mutating func take() -> ByteBuffer {
        defer { self = ByteBuffer() }
        return self
    }
}
