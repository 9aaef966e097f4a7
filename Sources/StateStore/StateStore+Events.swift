// SPDX-License-Identifier: Apache-2.0

import Database
import SwarmModel

extension StateStore {
    private static let historyKey = "events.history"
    private static let runKey = "events.run"

    /// Begins another run of the daemon among the events: what tells this history from that of any other state, and the
    /// number of this run, which is on the disk when the call returns, so that no number is ever given twice.
    package func beginEventRun() async throws(StateError) -> (history: UInt32, run: Int64) {
        let bytes = try await self.identity(Self.historyKey) { (0..<4).map { _ in UInt8.random(in: 0...255) } }
        let history = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let run = try await self.change { database throws(DatabaseError) in
            let sql = "SELECT value FROM identity WHERE key = ?"
            let last = try database.first(sql, .text(Self.runKey)) { $0.blob(0) } ?? []
            let run = last.prefix(4).reduce(Int64(0)) { $0 << 8 | Int64($1) } + 1
            let value = (0..<4).map { UInt8(truncatingIfNeeded: run >> (24 - 8 * $0)) }
            try database.run(
                "INSERT INTO identity (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                .text(Self.runKey), .blob(value))
            return run
        }
        return (history, run)
    }

    /// The newest events, at most `count`, oldest first.
    package func events(last count: Int) throws(StateError) -> [StoredEvent] {
        try self.perform { database throws(DatabaseError) in
            try database.rows(
                "SELECT sequence, kind, info_hash, text FROM events ORDER BY sequence DESC LIMIT ?",
                .integer(Int64(count))
            ) {
                StoredEvent(
                    sequence: $0.integer(0), kind: $0.text(1), infoHash: InfoHash(bytes: $0.blob(2)), text: $0.blob(3))
            }
        }.reversed()
    }

    /// Keeps events, and forgets those up to a number, in one transaction.
    package func recordEvents(_ events: [StoredEvent], forgetting floor: Int64) async throws(StateError) {
        try await self.change { database throws(DatabaseError) in
            for event in events {
                try database.run(
                    "INSERT OR REPLACE INTO events (sequence, kind, info_hash, text) VALUES (?, ?, ?, ?)",
                    .integer(event.sequence), .text(event.kind), .blob(event.infoHash?.bytes ?? []),
                    .blob(event.text))
            }
            try database.run("DELETE FROM events WHERE sequence <= ?", .integer(floor))
        }
    }
}
