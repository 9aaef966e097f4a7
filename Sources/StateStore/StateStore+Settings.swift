// SPDX-License-Identifier: Apache-2.0

import Database

extension StateStore {
    /// What was set while running, by key: overrides of the configuration and the like.
    package func settings() throws(StateError) -> [String: String] {
        let pairs = try self.perform { database throws(DatabaseError) in
            try database.rows("SELECT key, value FROM settings") { ($0.text(0), $0.text(1)) }
        }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    /// Sets a key, or removes it for nil.
    package func setSetting(_ key: String, to value: String?) async throws(StateError) {
        _ = try await self.change { database throws(DatabaseError) in
            guard let value else { return try database.run("DELETE FROM settings WHERE key = ?", .text(key)) }
            return try database.run(
                "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                .text(key), .text(value))
        }
    }

    /// A part of what the daemon is known by (its tracker key, say): made once by `make`, the same ever after.
    package func identity(_ key: String, make: @Sendable () -> [UInt8]) async throws(StateError) -> [UInt8] {
        try await self.change { database throws(DatabaseError) in
            let sql = "SELECT value FROM identity WHERE key = ?"
            if let value = try database.first(sql, .text(key), read: { $0.blob(0) }) { return value }
            let value = make()
            try database.run("INSERT INTO identity (key, value) VALUES (?, ?)", .text(key), .blob(value))
            return value
        }
    }
}
