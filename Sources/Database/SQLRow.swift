// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// The row a query stands on; valid only inside the closure it was passed to. Columns count from 0. A column of another
/// type is converted by SQLite's rules: NULL reads as 0, the empty text, no bytes.
package struct SQLRow: ~Copyable {
    let statement: OpaquePointer

    /// Whether the column is NULL.
    package func isNull(_ column: Int) -> Bool { sqlite3_column_type(self.statement, Int32(column)) == SQLITE_NULL }
    package func integer(_ column: Int) -> Int64 { sqlite3_column_int64(self.statement, Int32(column)) }
    package func real(_ column: Int) -> Double { sqlite3_column_double(self.statement, Int32(column)) }
    /// Whether the number in the column is not 0.
    package func boolean(_ column: Int) -> Bool { self.integer(column) != 0 }

    /// The text as UTF-8; invalid sequences are repaired.
    package func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(self.statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(self.statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A copy of the bytes.
    package func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(self.statement, Int32(column)) else { return [] }
        let count = Int(sqlite3_column_bytes(self.statement, Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Nil when the column is NULL.
    package func optionalInteger(_ column: Int) -> Int64? { self.isNull(column) ? nil : self.integer(column) }
    /// Nil when the column is NULL.
    package func optionalReal(_ column: Int) -> Double? { self.isNull(column) ? nil : self.real(column) }
    /// Nil when the column is NULL.
    package func optionalText(_ column: Int) -> String? { self.isNull(column) ? nil : self.text(column) }

    /// The column as it is stored.
    package func value(_ column: Int) -> SQLValue {
        switch sqlite3_column_type(self.statement, Int32(column)) {
        case SQLITE_INTEGER: .integer(self.integer(column))
        case SQLITE_FLOAT: .real(self.real(column))
        case SQLITE_TEXT: .text(self.text(column))
        case SQLITE_BLOB: .blob(self.blob(column))
        default: .null
        }
    }

    /// Number of columns.
    package var columnCount: Int { Int(sqlite3_column_count(self.statement)) }
}
