// SPDX-License-Identifier: Apache-2.0

import Database

/// Copies the rows that can still be read from a damaged database into a fresh one.
struct StateSalvage {
    let source: Database
    let target: Database

    /// Never fails for what cannot be read; throws when the fresh database cannot be written.
    func run(into recovery: inout StateRecovery) throws(DatabaseError) {
        for table in StateSchema.tables {
            let count = try self.copy(table.name, table.columns)
            switch table.name {
            case "torrents": recovery.torrents = count
            case "metainfo": recovery.metainfo = count
            case "pieces": recovery.progress = count
            default: break
            }
        }
    }

    /// Rows from the front up to the first unreadable page, then from the back down to it.
    private func copy(_ table: String, _ columns: [String]) throws(DatabaseError) -> Int {
        let columns = self.present(columns, in: table)
        guard !columns.isEmpty else { return 0 }
        let list = columns.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let insert = "INSERT OR IGNORE INTO \(table) (\(list)) VALUES (\(marks))"
        var count = 0
        for order in ["ASC", "DESC"] {
            count += try self.target.transaction { () throws(DatabaseError) in
                try self.copyRows("SELECT \(list) FROM \(table) NOT INDEXED ORDER BY rowid \(order)", insert)
            }
        }
        return count
    }

    /// The columns that the damaged database has: it may be of an older schema.
    private func present(_ columns: [String], in table: String) -> [String] {
        let known = try? self.source.rows("SELECT name FROM pragma_table_info('\(table)')") { $0.text(0) }
        return known.map { known in columns.filter(known.contains) } ?? columns
    }

    private func copyRows(_ query: String, _ insert: String) throws(DatabaseError) -> Int {
        var copied = 0
        var failure: DatabaseError?
        // An error of the source ends the copy: the rows before it are what there is.
        try? self.source.forEachRow(query) { row throws(DatabaseError) in
            do throws(DatabaseError) {
                copied += try self.target.run(insert, list: (0..<row.columnCount).map { row.value($0) })
            } catch {
                // A row that breaks a condition of the schema is damage too.
                if error.isConstraint { return }
                failure = error
                throw error
            }
        }
        if let failure { throw failure }
        return copied
    }
}
