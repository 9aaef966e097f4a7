// SPDX-License-Identifier: Apache-2.0

import Database
import SwarmModel
import Synchronization
import Testing

@testable import StateStore

private typealias Change = @Sendable (isolated StateStore) async throws -> Void

extension StateStore {
    /// Asks for changes in this order, for all of them before the first is made. Returns what each led to.
    fileprivate func together(_ changes: [Change]) async -> [Result<Void, any Error>] {
        let tasks = changes.map { change in Task { try await change(self) } }
        var results: [Result<Void, any Error>] = []
        for task in tasks { results.append(await task.result) }
        return results
    }
}

@Suite struct GroupCommitTests {
    private let folder = ScratchFolder()

    private static func record(_ number: Int) -> TorrentRecord {
        let hash = InfoHash(repeating: UInt8(number))
        return TorrentRecord(infoHash: hash, name: "\(number)", folder: "/data", added: Int64(number))
    }

    /// What another process would find: what is committed.
    private static func names(in folder: String) throws -> [String] {
        let database = try Database(path: folder + "/state.sqlite", durability: .process, readOnly: true)
        return try database.rows("SELECT name FROM torrents ORDER BY added") { $0.text(0) }
    }

    private func names() throws -> [String] { try Self.names(in: self.folder.path) }

    private func succeeded(_ results: [Result<Void, any Error>]) -> [Bool] {
        results.map { result in
            switch result {
            case .success: true
            case .failure: false
            }
        }
    }

    @Test func `changes that wait together share a commit, and none is answered before it`() async throws {
        let store = try StateStore(directory: self.folder.path)
        let path = self.folder.path
        let seen = Mutex<[String]>([])
        let results = await store.together(
            (1...20).map { number in
                { store in
                    // None of those before it is on the disk yet.
                    if number == 20 { #expect(try Self.names(in: path).isEmpty) }
                    try await store.insert(Self.record(number))
                    // All are, as soon as one of them is.
                    #expect(try Self.names(in: path).count == 20)
                    seen.withLock { $0.append("\(number)") }
                }
            })
        #expect(self.succeeded(results).allSatisfy { $0 })
        #expect(seen.withLock { Set($0) }.count == 20)
    }

    @Test func `changes happen in the order in which they were asked for`() async throws {
        let store = try StateStore(directory: self.folder.path)
        _ = await store.together((0..<100).map { number in { try await $0.setSetting("key", to: "\(number)") } })
        #expect(try await store.settings() == ["key": "99"])
    }

    @Test func `a change that is refused leaves the others of its group alone`() async throws {
        let store = try StateStore(directory: self.folder.path)
        let results = await store.together([
            { try await $0.insert(Self.record(1)) },
            { try await $0.insert(Self.record(1)) },
            { store in
                try await store.change { database throws(DatabaseError) in
                    try database.run("UPDATE torrents SET name = 'half'")
                    try database.run("INSERT INTO nowhere VALUES (1)")
                }
            },
            { try await $0.update(Self.record(9).infoHash, .paused(true)) },
            { try await $0.insert(Self.record(2)) },
        ])
        #expect(self.succeeded(results) == [true, false, false, false, true])
        #expect(try self.names() == ["1", "2"], "of the one that broke off nothing is left")
    }

    @Test func `when the commit fails everybody in it hears of it, and the next one works`() async throws {
        let store = try StateStore(directory: self.folder.path)
        let results = await store.together([
            { try await $0.insert(Self.record(1)) },
            { store in
                try await store.change { database throws(DatabaseError) in
                    // A constraint that is looked at when all is committed.
                    try database.execute("PRAGMA defer_foreign_keys = ON")
                    try database.run(
                        "INSERT INTO pieces (info_hash, count, bits, revision) VALUES (?, 1, x'80', 1)",
                        .blob([UInt8](repeating: 99, count: 20)))
                }
            },
            { try await $0.setSetting("key", to: "lost") },
        ])
        #expect(self.succeeded(results) == [false, false, false])
        #expect(try self.names() == [])
        try await store.insert(Self.record(2))
        #expect(try self.names() == ["2"])
    }

    @Test func `when a disk takes everything back, everybody it was taken from hears of it`() async throws {
        let store = try StateStore(directory: self.folder.path)
        let results = await store.together([
            { try await $0.insert(Self.record(1)) },
            { store in
                try await store.change { database throws(DatabaseError) in
                    // What SQLite does by itself on a disk that is full.
                    try database.execute("ROLLBACK")
                    throw DatabaseError(code: 13, message: "full", path: database.path)
                }
            },
            { try await $0.insert(Self.record(3)) },
        ])
        #expect(self.succeeded(results) == [false, false, true])
        #expect(try self.names() == ["3"])
    }
}
