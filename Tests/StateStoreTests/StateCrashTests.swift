// SPDX-License-Identifier: Apache-2.0

import Database
import Glibc
import StateStore
import SwarmModel
import Testing

@Suite struct StateCrashTests {
    private let folder = ScratchFolder()

    private func hash(_ number: UInt8) -> InfoHash { InfoHash(repeating: number) }

    private func record(_ number: UInt8) -> TorrentRecord {
        TorrentRecord(infoHash: self.hash(number), name: "t\(number)", folder: "/data", added: Int64(number))
    }

    private func makeFolder(_ name: String) -> String {
        let path = self.folder.path + "/" + name
        mkdir(path, 0o700)
        return path
    }

    @Test func `whatever part of the log reached the disk, the state is whole`() async throws {
        let home = self.makeFolder("home")
        let store = try StateStore(directory: home)
        for number in 1...20 {
            try await store.insert(self.record(UInt8(number)), metainfo: [UInt8(number)])
            try await store.recordPieces(self.hash(UInt8(number)), Bitfield(count: 64, filled: true))
        }
        let main = ScratchFolder.read(home + "/state.sqlite")
        let log = ScratchFolder.read(home + "/state.sqlite-wal")
        #expect(log.count > 40 * 4_096)
        var last = 0
        for cut in Array(stride(from: 0, through: log.count, by: 13_777)) + [log.count] {
            let copy = self.makeFolder("copy\(cut)")
            ScratchFolder.write(main, to: copy + "/state.sqlite")
            ScratchFolder.write(log.prefix(cut), to: copy + "/state.sqlite-wal")
            let reopened = try StateStore(directory: copy)
            #expect(reopened.recovery == nil)
            let torrents = try await reopened.torrents()
            #expect(torrents.count >= last)
            last = torrents.count
            for torrent in torrents {
                #expect(torrent.hasMetainfo)
                let pieces = try await reopened.pieces(of: torrent.infoHash, count: 64)
                #expect(pieces == nil || pieces?.isFull == true)
            }
        }
        #expect(last == 20)
    }

    @Test func `a killed process loses nothing that was acknowledged`() async throws {
        let home = self.makeFolder("killed")
        let result = try await #require(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
            [home = home as String] in
            let store = try StateStore(directory: home)
            for number in UInt8(1)...200 {
                let hash = InfoHash(repeating: number)
                try await store.insert(TorrentRecord(infoHash: hash, name: "t", folder: "/d", added: Int64(number)))
                try await store.recordPieces(hash, Bitfield(count: 64, filled: true))
                var byte = number
                write(STDOUT_FILENO, &byte, 1)
                if number == 150 {
                    // Another change is on its way when the end comes.
                    Task { try await store.recordTotals([TorrentTotals(infoHash: hash, uploaded: 1, downloaded: 1)]) }
                    kill(getpid(), SIGKILL)
                }
            }
        }
        let acknowledged = Int(result.standardOutputContent.last ?? 0)
        #expect(acknowledged == 150)
        let store = try StateStore(directory: home)
        #expect(store.recovery == nil)
        #expect(try await store.torrents().count == 150)
        for torrent in try await store.torrents() {
            #expect(try await store.pieces(of: torrent.infoHash, count: 64)?.isFull == true)
        }
    }

    @Test func `a file that is no database is moved aside, not deleted`() async throws {
        let garbage = Array("this was a disk once ".utf8) + [UInt8](repeating: 0xee, count: 9_000)
        ScratchFolder.write(garbage, to: self.folder.path + "/state.sqlite")
        let store = try StateStore(directory: self.folder.path)
        let recovery = try #require(store.recovery)
        #expect(ScratchFolder.read(recovery.movedTo) == garbage)
        #expect(recovery.torrents == 0)
        #expect(recovery.description.contains(recovery.movedTo))
        try await store.insert(self.record(1))
        #expect(try await store.torrents().count == 1)
    }

    @Test func `what can still be read of a damaged database is carried over`() async throws {
        let path = self.folder.path + "/state.sqlite"
        do {
            let store = try StateStore(directory: self.folder.path)
            for number in 1...200 {
                var record = self.record(UInt8(number))
                record.magnet = String(repeating: "m", count: 300)
                try await store.insert(record, metainfo: [UInt8](repeating: UInt8(number), count: 3_000))
            }
            try await store.setSetting("kept", to: "yes")
        }
        await self.folder.waitUntilFree()
        #expect(ScratchFolder.names(in: self.folder.path) == ["lock", "state.sqlite"])
        var bytes = ScratchFolder.read(path)
        let page = try self.leafPage(of: "torrents", in: bytes)
        for offset in 0..<4_096 { bytes[page * 4_096 + offset] = 0xa5 }
        ScratchFolder.write(bytes, to: path)
        let store = try StateStore(directory: self.folder.path)
        let recovery = try #require(store.recovery)
        let torrents = try await store.torrents()
        print("saved \(recovery)")
        #expect(recovery.torrents == torrents.count)
        #expect(torrents.count >= 150 && torrents.count < 200)
        #expect(try await store.settings() == ["kept": "yes"])
        for torrent in torrents where torrent.hasMetainfo {
            #expect(try await store.metainfo(of: torrent.infoHash)?.first == torrent.infoHash.bytes.first)
        }
        let last = try #require(recovery.movedTo.split(separator: "/").last)
        #expect(ScratchFolder.names(in: self.folder.path).contains(String(last)))
    }

    /// A page in the middle of the table: one that holds its text.
    private func leafPage(of table: String, in bytes: [UInt8]) throws -> Int {
        let pages = (1..<bytes.count / 4_096).filter { page in
            let start = page * 4_096
            return bytes[start] == 13 && bytes[start..<start + 4_096].filter { $0 == UInt8(ascii: "m") }.count > 1_500
        }
        return try #require(pages.isEmpty ? nil : pages[pages.count / 2])
    }

    @Test func `a state of the first schema is taken over`() async throws {
        do {
            let store = try StateStore(directory: self.folder.path)
            try await store.insert(self.record(1), metainfo: [1])
        }
        await self.folder.waitUntilFree()
        do {
            let database = try Database(path: self.folder.path + "/state.sqlite", durability: .process)
            for column in [
                "original", "length", "piece_length", "file_count", "disk", "down_limit", "up_limit", "compression",
                "priorities", "choices", "super_seeding", "place", "seed_ratio", "seed_time", "seed_idle",
                "seeding_ended", "seeds_on", "labels", "move_to",
            ] {
                try database.execute("ALTER TABLE torrents DROP COLUMN \(column)")
            }
            for table in ["events", "moves"] { try database.execute("DROP TABLE \(table)") }
            try database.execute("PRAGMA user_version = 1")
        }
        let store = try StateStore(directory: self.folder.path)
        #expect(store.recovery == nil)
        #expect(try await store.torrents().map(\.isOriginal) == [false])
        try await store.update(self.record(1).infoHash, .original(true))
        #expect(try await store.torrents().map(\.isOriginal) == [true])
    }

    @Test func `a database of a newer release is left alone`() async throws {
        do {
            let store = try StateStore(directory: self.folder.path)
            try await store.insert(self.record(1))
        }
        await self.folder.waitUntilFree()
        do {
            let database = try Database(path: self.folder.path + "/state.sqlite", durability: .process)
            try database.execute("PRAGMA user_version = 99")
        }
        let error = try #require(throws: StateError.self) { try StateStore(directory: self.folder.path) }
        #expect(error.description.contains("newer release"))
        #expect(ScratchFolder.names(in: self.folder.path) == ["lock", "state.sqlite"])
    }
}
