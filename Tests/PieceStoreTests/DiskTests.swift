// SPDX-License-Identifier: Apache-2.0

import PieceStore
import SwarmModel
import Testing

@Suite struct DiskTests {
    private let folder = Scratch()
    private let disks = Disks()
    private let store = PieceStore()
    private let sample: Sample

    init() throws {
        self.sample = try Sample([("album/a", 40_000, .regular(isExecutable: false))], pieceLength: 16_384)
        self.folder.makeFolder("disk")
    }

    private var mountPoint: String { self.folder("disk") }
    private var all: Bitfield { Bitfield(count: self.sample.geometry.pieceCount, filled: true) }
    private var none: Bitfield { Bitfield(count: self.sample.geometry.pieceCount) }

    private func storage() -> TorrentStorage {
        TorrentStorage(
            store: self.store, layout: self.sample.layout, hashes: self.sample.hashes, root: self.mountPoint,
            mounts: self.disks.table)
    }

    private func missing(_ body: () async throws -> Void) async throws {
        let error = await #expect(throws: StorageError.self) { try await body() }
        #expect(error?.reason == .notMounted && error?.path == self.mountPoint && error?.isTransient == true)
        #expect(error?.description.contains("sudo mount \(self.mountPoint)") == true)
    }

    @Test func `a mount point is told by its device, also from a folder deep in it`() {
        self.folder.makeFolder("disk/a")
        self.folder.makeFolder("disk/a/b")
        let table = self.disks.table
        #expect(table.mountPoint(of: self.folder("disk/a/b")) == "/")
        self.disks.mount(self.mountPoint)
        #expect(table.mountPoint(of: self.folder("disk/a/b")) == self.mountPoint)
        #expect(table.isMounted(self.mountPoint) && table.isMounted("/"))
        #expect(table.mountPoint(of: self.folder("disk/none")) == nil)
        self.disks.unmount(self.mountPoint)
        #expect(!table.isMounted(self.mountPoint))
    }

    @Test func `the system's table knows proc and the root`() {
        #expect(MountTable.system.mountPoint(of: "/proc/self") == "/proc")
        #expect(MountTable.system.mountPoint(of: "/") == "/")
        #expect(MountTable.system.isMounted("/proc") && !MountTable.system.isMounted("/etc"))
    }

    @Test func `nothing is made in the place of a missing disk, and all goes on when it is back`() async throws {
        let storage = self.storage()
        try await self.missing { _ = try storage.settleBlocking(self.mountPoint, self.none) }
        try await self.missing { try storage.prepareBlocking() }
        #expect(
            await storage.store(0, of: self.sample) == .failed(.init(.openFolder, .notMounted, path: self.mountPoint)))
        #expect(!self.folder.exists("disk/album"))
        self.disks.mount(self.mountPoint)
        #expect(try storage.settleBlocking(self.mountPoint, self.none) == self.mountPoint)
        try await storage.prepare()
        await storage.storeAll(of: self.sample)
        #expect(identical(self.folder.read("disk/album/a"), self.sample.bytes(of: "album/a")))
    }

    @Test func `a disk that goes while the torrent runs is noticed at the next file, and when it is back`() async throws
    {
        self.disks.mount(self.mountPoint)
        let storage = self.storage()
        _ = try storage.settleBlocking(nil, self.none)
        try await storage.prepare()
        self.disks.unmount(self.mountPoint)
        try await self.missing { _ = try await storage.quickCheck(self.all) }
        #expect(await storage.store(0, of: self.sample) != .stored)
        // Another number for the same disk, as after it was plugged in again.
        self.disks.mount(self.mountPoint, device: 8)
        #expect(await storage.store(0, of: self.sample) == .stored)
    }

    @Test func `a folder that is gone with its disk is explained by the disk`() async throws {
        let storage = TorrentStorage(
            store: self.store, layout: self.sample.layout, hashes: self.sample.hashes, root: self.folder("disk/deep"),
            mounts: self.disks.table)
        try await self.missing { _ = try storage.settleBlocking(self.mountPoint, self.all) }
        try await self.missing { try await storage.prepare() }
    }

    @Test func `payload that was moved off its disk is taken as it is`() throws {
        self.folder.makeFolder("disk/album")
        self.folder.write(self.sample.payload, to: "disk/album/a")
        let storage = self.storage()
        #expect(try storage.settleBlocking(self.mountPoint, self.all) == "/")
        try storage.prepareBlocking()
    }

    @Test func `an operator who accepts the folder gets it without the disk`() async throws {
        let storage = self.storage()
        try await self.missing { _ = try storage.settleBlocking(self.mountPoint, self.all) }
        #expect(try storage.settleBlocking(self.mountPoint, self.all, accepting: true) == "/")
        try storage.prepareBlocking()
        #expect(self.folder.exists("disk/album"))
    }

    @Test func `payload is not deleted where its disk should be`() async throws {
        self.folder.makeFolder("disk/album")
        self.folder.write([1, 2, 3], to: "disk/album/a")
        let storage = self.storage()
        try await self.missing { _ = try storage.settleBlocking(self.mountPoint, self.none) }
        try await self.missing { try storage.removeDataBlocking() }
        #expect(self.folder.exists("disk/album/a"))
    }
}
