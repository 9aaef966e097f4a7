// SPDX-License-Identifier: Apache-2.0

import Database
import Glibc
import StateStore
import SwarmModel
import Testing

@Suite struct StateStoreTests {
    private let folder = ScratchFolder()

    private func hash(_ number: UInt8) -> InfoHash { InfoHash(repeating: number) }

    private func record(_ number: UInt8) -> TorrentRecord {
        TorrentRecord(infoHash: self.hash(number), name: "torrent \(number)", folder: "/data", added: Int64(number))
    }

    private func pieces(_ count: Int, every step: Int) -> Bitfield {
        var field = Bitfield(count: count)
        for piece in stride(from: 0, to: count, by: step) { field.insert(PieceIndex(piece)) }
        return field
    }

    @Test func `what was stored is there after reopening`() async throws {
        var full = self.record(1)
        full.magnet = "magnet:?xt=urn:btih:\(full.infoHash)"
        full.isPaused = true
        full.picker = "sequential"
        full.choker = "round-robin"
        full.compression = "never"
        full.trackers = [["http://a/announce", "http://b/announce"], ["udp://c:1"]]
        full.uploaded = 1 << 40
        full.downloaded = 5
        full.completed = 99
        full.error = "no space left"
        full.isOriginal = true
        full.disk = "/mnt"
        full.shape = TorrentShape(
            geometry: try #require(TorrentGeometry(totalLength: 64_000_000, pieceLength: 64_000)), fileCount: 3)
        let field = self.pieces(1_000, every: 3)
        do {
            let store = try StateStore(directory: self.folder.path)
            try await store.insert(full, metainfo: [1, 2, 3], pieces: field)
            try await store.insert(self.record(0))
        }
        await self.folder.waitUntilFree()
        let store = try StateStore(directory: self.folder.path)
        #expect(store.recovery == nil)
        let all = try await store.torrents()
        #expect(all.map(\.name) == ["torrent 0", "torrent 1"])
        #expect(all.map(\.hasMetainfo) == [false, true])
        var loaded = all[1]
        #expect(try await store.torrent(full.infoHash) == loaded)
        try await store.setMetainfo([9], of: self.hash(0))
        loaded = try #require(try await store.torrents().last)
        #expect(loaded.trackers == full.trackers && loaded.picker == "sequential" && loaded.choker == "round-robin")
        #expect(loaded.uploaded == 1 << 40 && loaded.downloaded == 5 && loaded.completed == 99)
        #expect(loaded.disk == "/mnt" && loaded.shape == full.shape && all[0].shape == nil)
        #expect(try await store.roster().map(\.record) == (try await store.torrents()))
        #expect(try await store.roster().map(\.pieces) == [nil, field])
        #expect(loaded.isOriginal && all[0].isOriginal == false)
        #expect(loaded.isPaused && loaded.error == "no space left" && loaded.magnet == full.magnet)
        #expect(try await store.metainfo(of: full.infoHash) == [1, 2, 3])
        #expect(try await store.metainfo(of: self.hash(0)) == [9])
        #expect(try await store.pieces(of: full.infoHash, count: 1_000) == field)
    }

    @Test func `fields change together, and only of torrents that are there`() async throws {
        let store = try StateStore(directory: self.folder.path)
        try await store.insert(self.record(1))
        try await store.update(
            self.hash(1), .name("new"), .folder("/other"), .paused(true), .picker("random"), .choker(nil),
            .trackers([["http://t"]]), .completed(4), .error("bad"), .magnet("m"))
        let changed = try #require(try await store.torrent(self.hash(1)))
        #expect(changed.name == "new" && changed.folder == "/other" && changed.isPaused && changed.error == "bad")
        #expect(changed.picker == "random" && changed.completed == 4 && changed.magnet == "m")
        try await store.update(self.hash(1), .error(nil), .completed(nil))
        #expect(try await store.torrent(self.hash(1))?.error == nil)
        await #expect(throws: StateError.self) { try await store.update(self.hash(2), .paused(true)) }
        await #expect(throws: StateError.self) { try await store.setMetainfo([1], of: self.hash(2)) }
        await #expect(throws: StateError.self) { try await store.insert(self.record(1)) }
    }

    @Test func `a removed torrent leaves nothing behind`() async throws {
        let store = try StateStore(directory: self.folder.path)
        try await store.insert(self.record(1), metainfo: [1], pieces: self.pieces(8, every: 1))
        #expect(try await store.remove(self.hash(1)))
        #expect(try await !store.remove(self.hash(1)))
        try await store.recordPieces(self.hash(1), self.pieces(8, every: 1))
        try await store.insert(self.record(1))
        #expect(try await store.metainfo(of: self.hash(1)) == nil)
        #expect(try await store.pieces(of: self.hash(1), count: 8) == nil)
    }

    @Test func `pieces are recorded as a whole, with a revision`() async throws {
        let store = try StateStore(directory: self.folder.path)
        try await store.insert(self.record(1))
        try await store.insert(self.record(2))
        #expect(try await store.pieceRevision(of: self.hash(1)) == 0)
        try await store.recordPieces(self.hash(1), self.pieces(100, every: 2))
        try await store.recordPieces([
            (self.hash(1), self.pieces(100, every: 1)), (self.hash(2), self.pieces(9, every: 4)),
            (self.hash(3), self.pieces(9, every: 4)),
        ])
        #expect(try await store.pieceRevision(of: self.hash(1)) == 2)
        #expect(try await store.pieces(of: self.hash(1), count: 100)?.isFull == true)
        #expect(try await store.pieces(of: self.hash(1), count: 101) == nil)
        #expect(try await store.pieces(of: self.hash(2), count: 9)?.setCount == 3)
        try await store.forgetPieces(of: self.hash(1))
        #expect(try await store.pieces(of: self.hash(1), count: 100) == nil)
    }

    @Test func `totals, settings and identity persist`() async throws {
        do {
            let store = try StateStore(directory: self.folder.path)
            try await store.insert(self.record(1))
            try await store.recordTotals([
                TorrentTotals(infoHash: self.hash(1), uploaded: 10, downloaded: 20),
                TorrentTotals(infoHash: self.hash(5), uploaded: 1, downloaded: 1),
            ])
            try await store.setSetting("strategy.picker", to: "random")
            try await store.setSetting("gone", to: "x")
            try await store.setSetting("gone", to: nil)
            #expect(try await store.identity("key") { [1, 2] } == [1, 2])
            #expect(try await store.hashTable() == nil)
            try await store.setHashTable([7])
            try await store.setHashTable([8, 9])
            #expect(try await store.trackerClusters() == [:])
            try await store.setTrackerClusters(["udp://a:1/announce": ["b:2"]])
            try await store.setTrackerClusters([
                "udp://a:1/announce": ["b:2", "[::1]:3"], "http://c/x": ["d:4"], "not a URL": ["e:5"], "f": [],
            ])
        }
        await self.folder.waitUntilFree()
        let store = try StateStore(directory: self.folder.path)
        #expect(try await store.torrents().map(\.uploaded) == [10])
        #expect(try await store.torrents().map(\.downloaded) == [20])
        #expect(try await store.settings() == ["strategy.picker": "random"])
        #expect(try await store.identity("key") { [3] } == [1, 2])
        #expect(try await store.hashTable() == [8, 9])
        let clusters = ["udp://a:1/announce": ["b:2", "[::1]:3"], "http://c/x": ["d:4"]]
        #expect(try await store.trackerClusters() == clusters)
    }

    @Test func `a second daemon on the same folder is told who has it`() async throws {
        let store = try StateStore(directory: self.folder.path + "/deep/er")
        let error = try #require(throws: StateError.self) { try StateStore(directory: self.folder.path + "/deep/er") }
        guard case .inUse(_, let pid) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(pid == getpid())
        #expect(error.description.contains("(process \(getpid()))"))
        #expect(try await store.torrents().isEmpty)
    }

    @Test func `a folder that cannot be used is named with the reason`() throws {
        ScratchFolder.write([1], to: self.folder.path + "/file")
        let error = try #require(throws: StateError.self) {
            try StateStore(directory: self.folder.path + "/file/state")
        }
        #expect(error.description.hasPrefix(self.folder.path + "/file/state: cannot be created: "))
        let plain = try #require(throws: StateError.self) { try StateStore(directory: self.folder.path + "/file") }
        #expect(plain.description.hasSuffix("is not a folder"))
    }

    @Test func `ten thousand torrents load without their metainfo`() async throws {
        do {
            let store = try StateStore(directory: self.folder.path)
            _ = store
        }
        await self.folder.waitUntilFree()
        let database = try Database(path: self.folder.path + "/state.sqlite", durability: .process)
        try database.transaction { () throws(DatabaseError) in
            for number in 0..<10_000 {
                let bytes = (0..<20).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                let hash = SQLValue.blob(bytes)
                try database.run(
                    "INSERT INTO torrents (info_hash, name, folder, added, paused, trackers, uploaded, downloaded, length, "
                        + "piece_length, file_count, disk) "
                        + "VALUES (?, 'n', '/d', ?, 0, 'http://t/a', 0, 0, 100, 16384, 1, '/')",
                    hash, .integer(number))
                try database.run("INSERT INTO metainfo VALUES (?, zeroblob(20000))", hash)
            }
        }
        let start = ContinuousClock.now
        let store = try StateStore(directory: self.folder.path)
        let all = try await store.torrents()
        print("opened and loaded \(all.count) torrents in \(ContinuousClock.now - start)")
        #expect(all.count == 10_000)
        #expect(all.allSatisfy { $0.hasMetainfo && $0.trackers == [["http://t/a"]] })
    }
}
