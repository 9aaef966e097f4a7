// SPDX-License-Identifier: Apache-2.0

import Crypto
import Glibc
import Metainfo
import NIOCore
import NIOPosix
import PieceStore
import SwarmModel
import Synchronization
import Testing

@Suite struct CreationTests {
    let store = PieceStore()
    let folder = Scratch()

    /// A folder with everything in it that torrents know.
    private func makeTree() {
        self.folder.makeFolder("tree")
        self.folder.makeFolder("tree/sub")
        self.folder.makeFolder("tree/sub/deep")
        self.folder.makeFolder("tree/nothing")
        self.folder.write(noise(100_001, seed: 1), to: "tree/sub/large")
        self.folder.write(noise(40_000, seed: 2), to: "tree/b", executable: true)
        self.folder.write(noise(5, seed: 3), to: "tree/.hidden")
        self.folder.write(noise(70_000, seed: 4), to: "tree/sub/deep/übung")
        self.folder.write([], to: "tree/empty")
        self.folder.link("tree/sub/up", to: "../b")
        self.folder.link("tree/absolute", to: self.folder("tree/sub/large"))
        self.folder.link("tree/dangling", to: "sub/not-there")
    }

    private func options(_ kind: MetainfoBuilder.Kind) -> TorrentCreator.Options {
        var options = TorrentCreator.Options()
        options.kind = kind
        options.pieceLength = 32_768
        options.trackerTiers = [["http://127.0.0.1:1/announce"]]
        return options
    }

    @Test(arguments: [MetainfoBuilder.Kind.v1, .hybrid, .v2])
    func `a folder tree becomes a torrent that its files fulfil`(kind: MetainfoBuilder.Kind) async throws {
        self.makeTree()
        let seen = Mutex<[UInt64]>([])
        let created = try await TorrentCreator.create(
            path: self.folder("tree/"), options: self.options(kind), store: self.store
        ) { done, total in
            seen.withLock { $0 += [done, total] }
        }
        let metainfo = try Metainfo(parsing: created.metainfo)
        #expect(metainfo.name == "tree")
        #expect(metainfo.isV1 == kind.isV1 && metainfo.isV2 == kind.isV2)
        #expect(metainfo.hasAllPieceLayers)
        let paths = metainfo.files.filter { !$0.isPadding }.map { $0.path.dropFirst().joined(separator: "/") }
        #expect(
            Set(paths) == [
                ".hidden", "absolute", "b", "dangling", "empty", "sub/deep/übung", "sub/large", "sub/up",
            ])
        #expect(metainfo.files.first { $0.path.last == "up" }?.symlinkTarget == ["tree", "b"])
        #expect(metainfo.files.first { $0.path.last == "absolute" }?.symlinkTarget == ["tree", "sub", "large"])
        #expect(metainfo.files.filter(\.isExecutable).map(\.path) == [["tree", "b"]])
        #expect(seen.withLock { $0.suffix(2) } == [metainfo.geometry.totalLength, metainfo.geometry.totalLength])
        #expect(created.layout == (try FileLayout(metainfo)))
        let storage = try TorrentStorage(store: self.store, metainfo: metainfo, root: created.root)
        #expect(await storage.verify().valid.isFull)
    }

    @Test(arguments: [MetainfoBuilder.Kind.v1, .hybrid, .v2])
    func `a tree fetched elsewhere is the same tree`(kind: MetainfoBuilder.Kind) async throws {
        self.makeTree()
        let created = try await TorrentCreator.create(
            path: self.folder("tree"), options: self.options(kind), store: self.store)
        let metainfo = try Metainfo(parsing: created.metainfo)
        let source = try TorrentStorage(store: self.store, metainfo: metainfo, root: created.root)
        let other = Scratch()
        let target = try TorrentStorage(store: self.store, metainfo: metainfo, root: other.path)
        try await target.prepare()
        for index in 0..<metainfo.geometry.pieceCount {
            let piece = PieceIndex(index)
            let length = metainfo.geometry.length(of: piece)
            let bytes = try source.readBlocking(BlockRange(piece: piece, begin: 0, length: length))
            #expect(
                await target.complete(index, self.store.buffer(with: Array(bytes.readableBytesView)[...])) == .stored)
        }
        try await target.synchronise()
        for path in ["tree/.hidden", "tree/b", "tree/empty", "tree/sub/large", "tree/sub/deep/übung"] {
            #expect(identical(other.read(path), self.folder.read(path)), "\(path)")
        }
        #expect(other.linkTarget("tree/sub/up") == "../b")
        #expect(identical(other.read("tree/absolute"), self.folder.read("tree/sub/large")))
        #expect(other.linkTarget("tree/dangling") == "sub/not-there")
        #expect(other.status("tree/b")!.st_mode & 0o100 != 0)
        try await target.removeData()
        #expect(!other.exists("tree"))
    }

    @Test func `merkle roots are those of the files`() async throws {
        self.makeTree()
        let created = try await TorrentCreator.create(
            path: self.folder("tree"), options: self.options(.hybrid), store: self.store)
        let metainfo = try Metainfo(parsing: created.metainfo)
        for file in metainfo.files where !file.isPadding && file.length > 0 {
            var hasher = FileMerkleHasher(pieceLength: metainfo.geometry.pieceLength)
            hasher.update(try #require(self.folder.read(file.path.joined(separator: "/"))))
            #expect(file.piecesRoot == hasher.finish().root, "\(file.path)")
        }
        let merkle = TorrentStorage(
            store: self.store, layout: created.layout, hashes: .merkle(metainfo), root: created.root)
        #expect(await merkle.verify().valid.isFull)
        let piece = self.store.buffer(with: [UInt8](repeating: 1, count: 32_768)[...])
        #expect(await merkle.complete(0, piece) == .hashMismatch)
    }

    @Test(arguments: [false, true])
    func `a hybrid whose hashes disagree has pieces that no bytes are right for`(liesInV1: Bool) async throws {
        let bytes = noise(5 * 32_768, seed: 7)
        let other = bytes.enumerated().map { $0.offset / 32_768 == 3 ? ~$0.element : $0.element }
        self.folder.write(bytes, to: "data")
        var hasher = FileMerkleHasher(pieceLength: 32_768)
        hasher.update(liesInV1 ? bytes : other)
        let digests = stride(from: 0, to: bytes.count, by: 32_768).flatMap {
            Array(Insecure.SHA1.hash(data: (liesInV1 ? other : bytes)[$0..<$0 + 32_768]))
        }
        let builder = try MetainfoBuilder(
            name: "data", pieceLength: 32_768, files: [.init(path: ["data"], length: UInt64(bytes.count))],
            kind: .hybrid, isSingleFile: true)
        let metainfo = try Metainfo(parsing: builder.torrent(pieceHashes: digests, merkles: [hasher.finish()]))
        let storage = try TorrentStorage(store: self.store, metainfo: metainfo, root: self.folder.path)
        let outcome = await storage.verify()
        #expect(outcome.valid.setCount == 4 && outcome.contradiction == PieceIndex(3))
        #expect(await storage.complete(3, self.store.buffer(with: bytes[3 * 32_768..<4 * 32_768])) == .contradiction)
        #expect(await storage.complete(3, self.store.buffer(with: other[3 * 32_768..<4 * 32_768])) == .contradiction)
        #expect(await storage.complete(3, self.store.buffer(with: bytes[..<32_768])) == .hashMismatch)
        #expect(await storage.complete(2, self.store.buffer(with: bytes[2 * 32_768..<3 * 32_768])) == .stored)
    }

    @Test func `without the layer a hybrid is judged by its v1 hashes, and by both once it is there`() async throws {
        let bytes = noise(5 * 32_768, seed: 7)
        self.folder.write(bytes, to: "data")
        var hasher = FileMerkleHasher(pieceLength: 32_768)
        hasher.update(bytes.map { ~$0 })
        let digests = stride(from: 0, to: bytes.count, by: 32_768).flatMap {
            Array(Insecure.SHA1.hash(data: bytes[$0..<$0 + 32_768]))
        }
        let builder = try MetainfoBuilder(
            name: "data", pieceLength: 32_768, files: [.init(path: ["data"], length: UInt64(bytes.count))],
            kind: .hybrid, isSingleFile: true)
        let metainfo = try Metainfo(parsing: builder.torrent(pieceHashes: digests, merkles: [hasher.finish()]))
        let bare = try Metainfo(parsingInfo: metainfo.infoBytes)
        let storage = try TorrentStorage(store: self.store, metainfo: bare, root: self.folder.path)
        #expect(await storage.verify().valid.isFull)
        let loop = NIOSingletons.posixEventLoopGroup.any()
        await withCheckedContinuation { done in storage.adopt(PieceHashes(metainfo), on: loop) { done.resume() } }
        let outcome = await storage.verify()
        #expect(outcome.valid.isEmpty && outcome.contradiction == PieceIndex(0))
    }

    @Test func `a single file is a torrent without a folder`() async throws {
        let bytes = noise(1_000_000, seed: 9)
        self.folder.write(bytes, to: "one")
        let created = try await TorrentCreator.create(
            path: self.folder("one"), options: TorrentCreator.Options(), store: self.store)
        let metainfo = try Metainfo(parsing: created.metainfo)
        #expect(metainfo.isSingleFile)
        #expect(metainfo.files.map(\.path) == [["one"]])
        let length = Int(metainfo.geometry.pieceLength)
        let expected = stride(from: 0, to: bytes.count, by: length).flatMap {
            Array(Insecure.SHA1.hash(data: bytes[$0..<min($0 + length, bytes.count)]))
        }
        #expect(identical(metainfo.pieceHashes, expected))
    }

    @Test func `a link out of the folder is refused, or followed when that is wished`() async throws {
        self.makeTree()
        self.folder.write(noise(10, seed: 5), to: "outside")
        self.folder.link("tree/out", to: "../outside")
        let error = await #expect(throws: CreationError.self) {
            try await TorrentCreator.create(path: self.folder("tree"), options: self.options(.v1), store: self.store)
        }
        #expect(error?.problem == .linkLeadsOut(target: "../outside"))
        #expect(error?.path == self.folder("tree/out"))
        var options = self.options(.v1)
        options.followsLinks = true
        let created = try await TorrentCreator.create(path: self.folder("tree"), options: options, store: self.store)
        #expect(created.layout.files.first { $0.path.last == "out" }?.length == 10)
        self.folder.link("tree/folder", to: "/")
        await #expect(throws: CreationError.self) {
            try await TorrentCreator.create(path: self.folder("tree"), options: options, store: self.store)
        }
    }

    @Test func `what cannot be shared is named`() async throws {
        let options = self.options(.v1)
        let missing = await #expect(throws: CreationError.self) {
            try await TorrentCreator.create(path: self.folder("no"), options: options, store: self.store)
        }
        #expect(missing?.problem == .unreadable(errno: ENOENT))
        self.folder.makeFolder("tree")
        await #expect(throws: MetainfoError.self) {
            try await TorrentCreator.create(path: self.folder("tree"), options: options, store: self.store)
        }
        mkfifo(self.folder("tree/pipe"), 0o600)
        let pipe = await #expect(throws: CreationError.self) {
            try await TorrentCreator.create(path: self.folder("tree"), options: options, store: self.store)
        }
        #expect(pipe?.problem == .notAFile)
        #expect(pipe?.path == self.folder("tree/pipe"))
    }

    @Test func `a file that changes while it is hashed is noticed`() async throws {
        self.folder.makeFolder("tree")
        self.folder.write(noise(100, seed: 1), to: "tree/a")
        self.folder.write([UInt8](repeating: 1, count: 24 << 20), to: "tree/b")
        let path = self.folder("tree/b")
        let error = await #expect(throws: CreationError.self) {
            try await TorrentCreator.create(path: self.folder("tree"), options: self.options(.v1), store: self.store) {
                _, _ in truncate(path, 1 << 20)
            }
        }
        #expect(error?.problem == .changed)
        #expect(error?.path == path)
    }

    @Test func `a creation can be called off`() async throws {
        self.folder.write([UInt8](repeating: 1, count: 64 << 20), to: "large")
        let options = self.options(.hybrid)
        let (path, store) = (self.folder("large"), self.store)
        let threads = HeldThreads(of: store)
        let task = Task { try await TorrentCreator.create(path: path, options: options, store: store) }
        task.cancel()
        threads.letGo()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
