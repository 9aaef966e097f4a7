// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// Transactions that stay open over several calls: each of their steps happens or does not on its own, and all are on the disk
/// with one commit.
extension Database {
    /// Whether a transaction is open. A failing disk may have ended it.
    package var isInTransaction: Bool { sqlite3_get_autocommit(self.handle) == 0 }

    /// Opens a transaction. There must be none.
    package func begin() throws(DatabaseError) { try self.execute("BEGIN IMMEDIATE") }

    /// Runs `body` as one step of the open transaction: all of it happens, or, when it throws, nothing.
    package func step<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        try self.execute("SAVEPOINT step")
        do throws(DatabaseError) {
            let value = try body()
            try self.execute("RELEASE step")
            return value
        } catch {
            if self.isInTransaction { sqlite3_exec(self.handle, "ROLLBACK TO step; RELEASE step", nil, nil, nil) }
            throw error
        }
    }

    /// Ends the open transaction. When that fails nothing of it has happened.
    package func commit() throws(DatabaseError) {
        do throws(DatabaseError) {
            try self.execute("COMMIT")
        } catch {
            // The first error is the one to report.
            if self.isInTransaction { sqlite3_exec(self.handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }
}
