// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// An open SQLite database. Not for concurrent use: it belongs to one actor, best one that runs on a
/// `DatabaseExecutor`, because every call may wait for the disk. Closed when released.
package final class Database {
    /// How much a commit survives.
    package enum Durability: Sendable {
        /// A commit survives the end of the process, but the last ones may be lost with the machine's power.
        case process
        /// A commit is on the disk when the call returns.
        case power
    }

    /// The file.
    package let path: String
    let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// Statements kept prepared; past it all are dropped and prepared again as they come.
    private static let statementLimit = 128

    /// Opens or creates the file, in WAL mode, foreign keys enforced, waiting up to 5 s for another process's lock.
    package init(path: String, durability: Durability, readOnly: Bool = false) throws(DatabaseError) {
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard let handle = opened, code == SQLITE_OK else {
            let message = String(cString: opened.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw DatabaseError(code: code, message: message, path: path, statement: nil)
        }
        self.path = path
        self.handle = handle
        sqlite3_busy_timeout(handle, 5_000)
        try self.execute("PRAGMA foreign_keys = ON")
        if !readOnly { try self.execute("PRAGMA journal_mode = WAL") }
        try self.execute("PRAGMA synchronous = \(durability == .power ? "FULL" : "NORMAL")")
    }

    deinit {
        for statement in self.statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(self.handle)
    }

    /// Runs one or more statements that take no values and give no rows.
    package func execute(_ script: String) throws(DatabaseError) {
        let code = sqlite3_exec(self.handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw self.error(code, script) }
    }

    /// Runs one statement with `values` for its question marks. Returns how many rows it changed.
    @discardableResult
    package func run(_ sql: String, _ values: SQLValue...) throws(DatabaseError) -> Int {
        try self.run(sql, list: values)
    }

    /// As `run`, with the values in an array.
    @discardableResult
    package func run(_ sql: String, list values: [SQLValue]) throws(DatabaseError) -> Int {
        try self.query(sql, values) { _ in }
        return Int(sqlite3_changes(self.handle))
    }

    /// Runs a query and calls `body` with each row, in order.
    package func forEachRow(
        _ sql: String, _ values: SQLValue..., body: (borrowing SQLRow) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        try self.query(sql, values, body: body)
    }

    /// What `read` makes of each row.
    package func rows<Value>(
        _ sql: String, _ values: SQLValue..., read: (borrowing SQLRow) -> Value
    ) throws(DatabaseError) -> [Value] {
        var result: [Value] = []
        try self.query(sql, values) { row in result.append(read(row)) }
        return result
    }

    /// What `read` makes of the first row; nil when there is none.
    package func first<Value>(
        _ sql: String, _ values: SQLValue..., read: (borrowing SQLRow) -> Value
    ) throws(DatabaseError) -> Value? {
        var result: Value?
        try self.query(sql, values) { row in
            if result == nil { result = read(row) }
        }
        return result
    }

    /// Runs `body` as one transaction: all of it happens, or, when it throws, nothing. Not nested.
    package func transaction<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        try self.begin()
        do throws(DatabaseError) {
            let value = try body()
            try self.commit()
            return value
        } catch {
            // A disk that failed may have rolled back already; the first error is the one to report.
            if self.isInTransaction { sqlite3_exec(self.handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// The id of the row inserted last.
    package var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(self.handle) }

    func error(_ code: Int32, _ sql: String?) -> DatabaseError {
        DatabaseError(
            code: code, message: String(cString: sqlite3_errmsg(self.handle)), path: self.path, statement: sql)
    }

    private func query(
        _ sql: String, _ values: [SQLValue], body: (borrowing SQLRow) throws(DatabaseError) -> Void
    ) throws(DatabaseError) {
        let statement = try self.prepared(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        precondition(Int(sqlite3_bind_parameter_count(statement)) == values.count, "values for \(sql)")
        for (index, value) in values.enumerated() { try self.bind(value, at: Int32(index + 1), of: statement, sql) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(SQLRow(statement: statement))
            case SQLITE_DONE: return
            case let code: throw self.error(code, sql)
            }
        }
    }

    private func prepared(_ sql: String) throws(DatabaseError) -> OpaquePointer {
        if let statement = self.statements[sql], sqlite3_stmt_busy(statement) == 0 { return statement }
        precondition(self.statements[sql] == nil, "the query is already running: \(sql)")
        if self.statements.count >= Self.statementLimit { self.dropIdleStatements() }
        var made: OpaquePointer?
        let code = sqlite3_prepare_v3(self.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let statement = made else { throw self.error(code, sql) }
        self.statements[sql] = statement
        return statement
    }

    private func dropIdleStatements() {
        for (sql, statement) in self.statements where sqlite3_stmt_busy(statement) == 0 {
            sqlite3_finalize(statement)
            self.statements[sql] = nil
        }
    }

    private func bind(
        _ value: SQLValue, at index: Int32, of statement: OpaquePointer, _ sql: String
    ) throws(DatabaseError) {
        // SQLITE_TRANSIENT: SQLite copies before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let code =
            switch value {
            case .null: sqlite3_bind_null(statement, index)
            case .integer(let number): sqlite3_bind_int64(statement, index, number)
            case .real(let number): sqlite3_bind_double(statement, index, number)
            case .text(let text):
                sqlite3_bind_text64(
                    statement, index, text, UInt64(text.utf8.count), copied, UInt8(SQLITE_UTF8))
            case .blob(let bytes):
                bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), copied)
            }
        guard code == SQLITE_OK else { throw self.error(code, sql) }
    }
}
