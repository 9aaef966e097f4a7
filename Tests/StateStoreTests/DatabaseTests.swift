// SPDX-License-Identifier: Apache-2.0

import Database
import Testing

@Suite struct DatabaseTests {
    private let folder = ScratchFolder()
    private var path: String { self.folder.path + "/test.sqlite" }

    private func open() throws -> Database { try Database(path: self.path, durability: .process) }

    @Test func `values of every type come back as they went in`() throws {
        let database = try self.open()
        try database.execute("CREATE TABLE t (a, b, c, d, e)")
        try database.run(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?)", .integer(Int64.min), .real(1.5), .text("ä\u{0}b"), .blob([0, 255]),
            .null)
        try database.run(
            "INSERT INTO t VALUES (?, ?, ?, ?, ?)", .integer(UInt64.max), .boolean(true), .text(""), .blob([]),
            .optional(nil as String?))
        try database.forEachRow("SELECT * FROM t WHERE a < 0") { row in
            #expect(row.integer(0) == Int64.min)
            #expect(row.real(1) == 1.5)
            #expect(row.text(2) == "ä\u{0}b")
            #expect(row.blob(3) == [0, 255])
            #expect(row.isNull(4) && row.optionalText(4) == nil && row.optionalInteger(4) == nil)
            #expect(row.columnCount == 5)
        }
        let second = try database.first("SELECT * FROM t WHERE a > 0") { row in
            (row.integer(0), row.boolean(1), row.isNull(2), row.isNull(3), row.isNull(4))
        }
        let row = try #require(second)
        #expect(row == (Int64.max, true, false, false, true))
        #expect(try database.rows("SELECT a FROM t") { $0.integer(0) }.count == 2)
        #expect(try database.first("SELECT 1 WHERE 0") { $0.integer(0) } == nil)
    }

    @Test func `an error names the file, the statement and the cause`() throws {
        let database = try self.open()
        let error = try #require(throws: DatabaseError.self) { try database.run("SELECT x FROM nowhere") }
        #expect(error.path == self.path)
        #expect(error.statement == "SELECT x FROM nowhere")
        #expect(error.description.contains("no such table: nowhere"))
        #expect(!error.isCorruption && !error.isStorageFault && !error.isConstraint)
        try database.execute("CREATE TABLE t (a PRIMARY KEY); INSERT INTO t VALUES (1)")
        let clash = try #require(throws: DatabaseError.self) { try database.run("INSERT INTO t VALUES (1)") }
        #expect(clash.isConstraint)
        #expect(throws: DatabaseError.self) { try Database(path: "/nowhere/at/all", durability: .process) }
    }

    @Test func `a transaction that throws leaves nothing behind`() throws {
        let database = try self.open()
        try database.execute("CREATE TABLE t (a PRIMARY KEY)")
        #expect(throws: DatabaseError.self) {
            try database.transaction { () throws(DatabaseError) in
                try database.run("INSERT INTO t VALUES (1)")
                try database.run("INSERT INTO t VALUES (1)")
            }
        }
        #expect(try database.first("SELECT count(*) FROM t") { $0.integer(0) } == 0)
        try database.transaction { () throws(DatabaseError) in
            try database.run("INSERT INTO t VALUES (2)")
            #expect(database.lastInsertedRow == 1)
        }
        #expect(try database.first("SELECT a FROM t") { $0.integer(0) } == 2)
    }

    @Test func `migrations run once, in order, and a newer file is refused`() throws {
        let first = ["CREATE TABLE a (x)"]
        let both = first + ["CREATE TABLE b (x); INSERT INTO b VALUES (7)"]
        do {
            let database = try self.open()
            try database.migrate(first)
            try database.migrate(first)
        }
        let database = try self.open()
        try database.migrate(both)
        #expect(try database.rows("SELECT x FROM b") { $0.integer(0) } == [7])
        let error = try #require(throws: DatabaseError.self) { try database.migrate(first) }
        #expect(error.description.contains("newer release"))
    }

    @Test func `a migration that fails changes nothing`() throws {
        let database = try self.open()
        #expect(throws: DatabaseError.self) { try database.migrate(["CREATE TABLE a (x); NONSENSE"]) }
        #expect(try database.first("PRAGMA user_version") { $0.integer(0) } == 0)
        try database.migrate(["CREATE TABLE a (x)"])
    }

    @Test func `foreign keys are enforced and the journal is a WAL`() throws {
        let database = try self.open()
        #expect(try database.first("PRAGMA foreign_keys") { $0.integer(0) } == 1)
        #expect(try database.first("PRAGMA journal_mode") { $0.text(0) } == "wal")
        #expect(try database.first("PRAGMA synchronous") { $0.integer(0) } == 1)
        let durable = try Database(path: self.path, durability: .power)
        #expect(try durable.first("PRAGMA synchronous") { $0.integer(0) } == 2)
    }

    @Test func `more statements than are kept prepared still work`() throws {
        let database = try self.open()
        for number in 0..<300 { #expect(try database.first("SELECT \(number)") { $0.integer(0) } == Int64(number)) }
    }
}
