// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// SQLite refused something.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// SQLite's extended result code.
    package let code: Int32
    /// SQLite's words, or ours.
    package let message: String
    /// The database file.
    package let path: String
    /// The statement that was refused, when there was one.
    package let statement: String?

    /// An error as SQLite, or the code around it, found it.
    package init(code: Int32, message: String, path: String, statement: String? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.statement = statement
    }

    /// What a check of the file found wrong with it.
    package static func corruption(_ finding: String, of path: String) -> DatabaseError {
        DatabaseError(code: SQLITE_CORRUPT, message: "damaged: \(finding)", path: path)
    }

    /// The file is damaged or is no database: nothing more can be expected of it.
    package var isCorruption: Bool { self.code & 0xff == SQLITE_CORRUPT || self.code & 0xff == SQLITE_NOTADB }
    /// The disk is full or broken: the same call may succeed later.
    package var isStorageFault: Bool {
        [SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY, SQLITE_CANTOPEN].contains(self.code & 0xff)
    }
    /// A row of that key exists, or a condition of the schema is not met.
    package var isConstraint: Bool { self.code & 0xff == SQLITE_CONSTRAINT }

    package var description: String {
        let place = self.statement.map { " (\($0.prefix(120)))" } ?? ""
        return "\(self.path): \(self.message) [SQLite \(self.code)]\(place)"
    }
}
