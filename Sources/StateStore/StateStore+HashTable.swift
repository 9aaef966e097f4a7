// SPDX-License-Identifier: Apache-2.0

import Database

extension StateStore {
    private static let hashTableKey = "hash-table"

    /// What the node of the distributed hash table kept of its last run; nil when there was none.
    package func hashTable() throws(StateError) -> [UInt8]? {
        try self.perform { database throws(DatabaseError) in
            try database.first("SELECT value FROM identity WHERE key = ?", .text(Self.hashTableKey)) { $0.blob(0) }
        }
    }

    /// Keeps that for the next run.
    package func setHashTable(_ snapshot: [UInt8]) async throws(StateError) {
        _ = try await self.change { database throws(DatabaseError) in
            try database.run(
                "INSERT INTO identity (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                .text(Self.hashTableKey), .blob(snapshot))
        }
    }
}
