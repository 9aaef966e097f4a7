// SPDX-License-Identifier: Apache-2.0

import Glibc
import PieceStore
import SwarmModel
import Testing

@Suite struct SafetyTests {
    let store = PieceStore()
    let folder = Scratch()
    let outside = Scratch()

    static let plain = FileLayout.Kind.regular(isExecutable: false)

    @Test func `a planted link in a folder's place leads nowhere`() async throws {
        let sample = try Sample([("T/sub/f", 20_000, Self.plain)], pieceLength: 16_384)
        self.folder.makeFolder("T")
        self.folder.link("T/sub", to: self.outside.path)
        let storage = sample.storage(in: self.folder, store: self.store)
        await #expect(throws: StorageError.self) { try await storage.prepare() }
        guard case .failed(let error) = await storage.store(0, of: sample) else {
            Issue.record("the link was followed")
            return
        }
        #expect(!error.isTransient)
        #expect(error.path.contains("T/sub"))
        #expect(!self.outside.exists("f"))
    }

    @Test func `a planted link in a file's place is neither written nor read nor removed`() async throws {
        let sample = try Sample([("T/f", 20_000, Self.plain)], pieceLength: 16_384)
        self.outside.write(sample.payload, to: "victim")
        self.folder.makeFolder("T")
        self.folder.link("T/f", to: self.outside("victim"))
        let storage = sample.storage(in: self.folder, store: self.store)
        guard case .failed(let error) = await storage.store(0, of: sample) else {
            Issue.record("the link was followed")
            return
        }
        #expect(error.errno == ELOOP)
        #expect("\(error)".contains("symbolic link"))
        #expect(await storage.verify().valid.isEmpty)
        try await storage.removeData()
        #expect(identical(self.outside.read("victim"), sample.payload))
        #expect(self.folder.exists("T/f"))
    }

    @Test func `removal through a planted link deletes nothing outside`() async throws {
        let sample = try Sample([("T/sub/f", 20_000, Self.plain)], pieceLength: 16_384)
        self.outside.write([1], to: "f")
        self.folder.makeFolder("T")
        self.folder.link("T/sub", to: self.outside.path)
        try await sample.storage(in: self.folder, store: self.store).removeData()
        #expect(self.outside.exists("f"))
    }

    @Test func `removal leaves foreign files and takes empty folders`() async throws {
        let sample = try Sample(StoringTests.mixed, pieceLength: 32_768)
        let storage = sample.storage(in: self.folder, store: self.store)
        try await storage.prepare()
        await storage.storeAll(of: sample)
        self.folder.write([1, 2], to: "T/sub/mine")
        try await storage.removeData()
        #expect(self.folder.read("T/sub/mine") == [1, 2])
        for path in ["T/a", "T/empty", "T/link", "T/sub/b", "T/sub/deep", "T/z"] { #expect(!self.folder.exists(path)) }
        guard case .failed(let error) = await storage.store(0, of: sample) else {
            Issue.record("a removed torrent was written")
            return
        }
        #expect(error.reason == .closed)
        #expect(!self.folder.exists("T/a"))
    }

    @Test func `removal waits for pieces on their way`() async throws {
        let sample = try Sample([("T/f", 2 << 20, Self.plain)], pieceLength: 65_536)
        let storage = sample.storage(in: self.folder, store: self.store)
        for piece in 0..<32 {
            storage.complete(PieceIndex(piece), self.store.buffer(with: sample.bytes(of: piece)), on: loop) { _, _ in }
        }
        try await storage.removeData()
        #expect(!self.folder.exists("T"))
    }

    @Test func `a missing download folder is an error that may pass`() async throws {
        let sample = try Sample([("f", 20_000, Self.plain)], pieceLength: 16_384)
        let storage = TorrentStorage(
            store: self.store, layout: sample.layout, hashes: sample.hashes, root: self.folder("not/mounted"))
        let error = await #expect(throws: StorageError.self) { try await storage.prepare() }
        #expect(error?.isTransient == true)
        #expect(error?.errno == ENOENT)
        #expect(error.map { "\($0)".contains("mount") } == true)
        #expect(await storage.store(0, of: sample) == .failed(error!))
        #expect(await storage.verify().error?.errno == ENOENT)
        await #expect(throws: StorageError.self) { _ = try await storage.quickCheck(Bitfield(count: 2, filled: true)) }
    }

    @Test(arguments: ["T", "T/f"])
    func `something else in a name's place is told apart`(path: String) async throws {
        let sample = try Sample([("T/f/g", 20_000, Self.plain)], pieceLength: 16_384)
        if path != "T" { self.folder.makeFolder("T") }
        self.folder.write([1], to: path)
        let storage = sample.storage(in: self.folder, store: self.store)
        let error = await #expect(throws: StorageError.self) { try await storage.prepare() }
        #expect(error?.reason == .wrongKind)
        guard case .failed = await storage.store(0, of: sample) else {
            Issue.record("written over a foreign file")
            return
        }
        #expect(self.folder.read(path) == [1])
    }

    @Test func `a pipe in a file's place does not hold the store`() async throws {
        let sample = try Sample([("f", 20_000, Self.plain)], pieceLength: 16_384)
        mkfifo(self.folder("f"), 0o600)
        let storage = sample.storage(in: self.folder, store: self.store)
        #expect(await storage.verify().valid.isEmpty)
        guard case .failed(let error) = await storage.store(0, of: sample) else { return }
        #expect(error.reason == .wrongKind)
    }

    @Test func `a full disk is an error that may pass, and the piece can be handed in again`() async throws {
        guard self.mountTemporary(size: "192k") else { return print("no mount permission: full disk not tested") }
        defer { umount2(self.folder.path, Int32(MNT_DETACH)) }
        let sample = try Sample([("f", 512 << 10, Self.plain)], pieceLength: 128 << 10)
        let storage = sample.storage(in: self.folder, store: self.store)
        #expect(await storage.store(0, of: sample) == .stored)
        let buffer = self.store.buffer(with: sample.bytes(of: 1))
        guard case .failed(let error) = await storage.complete(1, buffer) else {
            Issue.record("the disk was not full")
            return
        }
        #expect(error.errno == ENOSPC)
        #expect(error.isTransient)
        #expect("\(error)".contains("free some space"))
        self.remountTemporary(size: "2m")
        #expect(await storage.complete(1, buffer) == .stored)
    }

    @Test func `a read-only disk is reported before the first byte`() async throws {
        guard self.mountTemporary(size: "192k") else { return print("no mount permission: read-only not tested") }
        defer { umount2(self.folder.path, Int32(MNT_DETACH)) }
        self.remountTemporary(size: "192k", flags: UInt(MS_RDONLY))
        let sample = try Sample([("f", 20_000, Self.plain)], pieceLength: 16_384)
        let storage = sample.storage(in: self.folder, store: self.store)
        let error = await #expect(throws: StorageError.self) { try await storage.prepare() }
        #expect(error?.errno == EROFS)
    }

    private func mountTemporary(size: String) -> Bool {
        mount("swarm", self.folder.path, "tmpfs", 0, "size=" + size) == 0
    }

    private func remountTemporary(size: String, flags: UInt = 0) {
        mount("swarm", self.folder.path, "tmpfs", UInt(MS_REMOUNT) | flags, "size=" + size)
    }
}
