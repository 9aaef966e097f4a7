// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import SwarmModel
import Testing

@Suite struct StoringTests {
    let store = PieceStore()
    let folder = Scratch()

    static let mixed: [(String, Int, FileLayout.Kind)] = [
        ("T/a", 10_000, .regular(isExecutable: false)),
        ("T/empty", 0, .regular(isExecutable: false)),
        ("T/sub/b", 70_001, .regular(isExecutable: true)),
        (".pad/1", 18_303, .padding),
        ("T/sub/deep/c", 32_768, .regular(isExecutable: false)),
        ("T/link", 0, .symbolicLink(target: ["T", "sub", "b"])),
        ("T/z", 5, .regular(isExecutable: false)),
    ]

    @Test func `pieces that span files arrive in every file`() async throws {
        let sample = try Sample(Self.mixed, pieceLength: 32_768)
        let storage = sample.storage(in: self.folder, store: self.store)
        try await storage.prepare()
        for piece in (0..<sample.geometry.pieceCount).reversed() {
            #expect(await storage.store(piece, of: sample) == .stored)
        }
        try await storage.synchronise()
        for path in ["T/a", "T/empty", "T/sub/b", "T/sub/deep/c", "T/z"] {
            #expect(identical(self.folder.read(path), sample.bytes(of: path)), "\(path)")
        }
        #expect(!self.folder.exists(".pad"))
        #expect(self.folder.linkTarget("T/link") == "sub/b")
        #expect(self.folder.status("T/sub/b")!.st_mode & 0o100 != 0)
        #expect(self.folder.status("T/a")!.st_mode & 0o100 == 0)
        #expect(await storage.verify().valid.isFull)
    }

    @Test func `a wrong piece is refused and leaves no trace`() async throws {
        let sample = try Sample(Self.mixed, pieceLength: 32_768)
        let storage = sample.storage(in: self.folder, store: self.store)
        var bytes = Array(sample.bytes(of: 0))
        bytes[20_000] ^= 1
        #expect(await storage.complete(0, self.store.buffer(with: bytes[...])) == .hashMismatch)
        #expect(!self.folder.exists("T"))
        #expect(self.store.totals.written == 0)
        #expect(!storage.hasUnsynchronisedData)
    }

    @Test func `many pieces in flight all arrive`() async throws {
        let sample = try Sample(
            (0..<40).map { ("T/\($0)", 50_000 + $0, .regular(isExecutable: false)) }, pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        let outcomes = await withTaskGroup(of: PieceOutcome.self) { group in
            for piece in 0..<sample.geometry.pieceCount { group.addTask { await storage.store(piece, of: sample) } }
            return await group.reduce(into: [PieceOutcome: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(outcomes == [.stored: sample.geometry.pieceCount])
        for index in 0..<40 { #expect(self.folder.read("T/\(index)") == sample.bytes(of: "T/\(index)")) }
    }

    @Test func `a file that is longer than the torrent's is never shortened`() async throws {
        let sample = try Sample([("f", 40_000, .regular(isExecutable: false))], pieceLength: 16_384)
        self.folder.write([UInt8](repeating: 9, count: 50_000), to: "f")
        let storage = sample.storage(in: self.folder, store: self.store)
        try await storage.prepare()
        await storage.storeAll(of: sample)
        let bytes = try #require(self.folder.read("f"))
        #expect(bytes.count == 50_000)
        #expect(Array(bytes[..<40_000]) == sample.payload)
        #expect(bytes[40_000...].allSatisfy { $0 == 9 })
    }

    @Test func `existing data survives preparation and the first write`() async throws {
        let sample = try Sample([("f", 60_000, .regular(isExecutable: false))], pieceLength: 16_384)
        self.folder.write(Array(sample.payload[..<30_000]), to: "f")
        let storage = sample.storage(in: self.folder, store: self.store)
        try await storage.prepare()
        #expect(await storage.store(3, of: sample) == .stored)
        #expect(Array(self.folder.read("f")![..<30_000]) == Array(sample.payload[..<30_000]))
        #expect(self.folder.status("f")!.st_size == 60_000)
    }

    @Test func `files are sparse until their bytes come`() async throws {
        let sample = try Sample([("f", 8 << 20, .regular(isExecutable: false))], pieceLength: 65_536)
        let storage = sample.storage(in: self.folder, store: self.store)
        #expect(await storage.store(100, of: sample) == .stored)
        let status = try #require(self.folder.status("f"))
        #expect(status.st_size == 8 << 20)
        #expect(status.st_blocks * 512 < 1 << 20)
    }

    @Test func `more files than may be open are served all the same`() async throws {
        var settings = PieceStore.Settings()
        settings.openFiles = 4
        let store = PieceStore(settings: settings)
        let sample = try Sample(
            (0..<60).map { ("T/\($0)", 1_000, .regular(isExecutable: false)) }, pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: store)
        await storage.storeAll(of: sample)
        try await storage.synchronise()
        #expect(await storage.verify().valid.isFull)
    }

    @Test func `a torrent of empty files alone is prepared and whole`() async throws {
        let sample = try Sample([("T/x", 0, .regular(isExecutable: false))], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        try await storage.prepare()
        #expect(self.folder.status("T/x")?.st_size == 0)
        #expect(await storage.verify().valid.isFull)
        try await storage.synchronise()
    }

    @Test func `synchronising writes nothing twice and knows when nothing is left`() async throws {
        let sample = try Sample(Self.mixed, pieceLength: 32_768)
        let storage = sample.storage(in: self.folder, store: self.store)
        #expect(await storage.store(1, of: sample) == .stored)
        #expect(storage.hasUnsynchronisedData)
        try await storage.synchronise()
        #expect(!storage.hasUnsynchronisedData)
    }
}
