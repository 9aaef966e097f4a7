// SPDX-License-Identifier: Apache-2.0

extension Database {
    /// Brings the schema up to date: `steps[n]` leads from version n to n + 1 and runs in a transaction of its own with
    /// the change of `user_version`. Throws when the file is of a newer version than the last step leads to.
    package func migrate(_ steps: [String]) throws(DatabaseError) {
        let version = try self.first("PRAGMA user_version") { Int($0.integer(0)) } ?? 0
        guard version <= steps.count else {
            throw DatabaseError(
                code: 0,
                message: "has schema \(version), written by a newer release; this one knows up to \(steps.count)",
                path: self.path, statement: nil)
        }
        for (index, step) in steps.enumerated().dropFirst(version) {
            try self.transaction { () throws(DatabaseError) in
                try self.execute(step)
                try self.execute("PRAGMA user_version = \(index + 1)")
            }
        }
    }
}
