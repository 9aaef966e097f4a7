// SPDX-License-Identifier: Apache-2.0

import Database

/// The tables. Step n of `steps` leads from schema n to n + 1; released steps never change.
///
/// Metainfo has a table of its own so that the list loads without reading it; every other row is small.
enum StateSchema {
    static let steps = [
        """
        CREATE TABLE torrents (
            info_hash BLOB PRIMARY KEY NOT NULL CHECK (length(info_hash) = 20),
            name TEXT NOT NULL,
            magnet TEXT,
            folder TEXT NOT NULL,
            added INTEGER NOT NULL,
            paused INTEGER NOT NULL,
            picker TEXT,
            choker TEXT,
            trackers TEXT NOT NULL,
            uploaded INTEGER NOT NULL,
            downloaded INTEGER NOT NULL,
            completed INTEGER,
            error TEXT
        );
        CREATE TABLE metainfo (
            info_hash BLOB PRIMARY KEY NOT NULL REFERENCES torrents ON DELETE CASCADE,
            data BLOB NOT NULL
        );
        CREATE TABLE pieces (
            info_hash BLOB PRIMARY KEY NOT NULL REFERENCES torrents ON DELETE CASCADE,
            count INTEGER NOT NULL,
            bits BLOB NOT NULL,
            revision INTEGER NOT NULL
        );
        CREATE TABLE settings (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL);
        CREATE TABLE identity (key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL);
        """,
        "ALTER TABLE torrents ADD COLUMN original INTEGER NOT NULL DEFAULT 0",
        """
        ALTER TABLE torrents ADD COLUMN length INTEGER;
        ALTER TABLE torrents ADD COLUMN piece_length INTEGER;
        ALTER TABLE torrents ADD COLUMN file_count INTEGER;
        ALTER TABLE torrents ADD COLUMN disk TEXT;
        """,
        """
        ALTER TABLE torrents ADD COLUMN down_limit INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE torrents ADD COLUMN up_limit INTEGER NOT NULL DEFAULT 0;
        """,
        "ALTER TABLE torrents ADD COLUMN compression TEXT",
        """
        ALTER TABLE torrents ADD COLUMN priorities TEXT;
        ALTER TABLE torrents ADD COLUMN choices TEXT;
        ALTER TABLE torrents ADD COLUMN super_seeding INTEGER NOT NULL DEFAULT 0;
        """,
        """
        CREATE TABLE events (
            sequence INTEGER PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            info_hash BLOB NOT NULL,
            text BLOB NOT NULL
        );
        CREATE TABLE moves (
            info_hash BLOB PRIMARY KEY NOT NULL REFERENCES torrents ON DELETE CASCADE,
            target TEXT,
            source TEXT
        );
        """,
        """
        ALTER TABLE torrents ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE torrents ADD COLUMN seed_ratio REAL;
        ALTER TABLE torrents ADD COLUMN seed_time INTEGER;
        ALTER TABLE torrents ADD COLUMN seed_idle INTEGER;
        ALTER TABLE torrents ADD COLUMN seeding_ended TEXT;
        ALTER TABLE torrents ADD COLUMN seeds_on INTEGER NOT NULL DEFAULT 0;
        UPDATE torrents SET place = rowid;
        """,
        "ALTER TABLE torrents ADD COLUMN labels TEXT",
        "ALTER TABLE torrents ADD COLUMN move_to TEXT",
    ]

    /// A table and its columns, as salvage copies them: parents before children.
    static let tables = [
        (
            name: "torrents",
            columns: [
                "info_hash", "name", "magnet", "folder", "added", "paused", "picker", "choker", "trackers", "uploaded",
                "downloaded", "completed", "error", "original", "length", "piece_length", "file_count", "disk",
                "down_limit", "up_limit", "compression", "priorities", "choices",
                "super_seeding", "place", "seed_ratio", "seed_time", "seed_idle", "seeding_ended", "seeds_on",
                "labels", "move_to",
            ]
        ),
        (name: "metainfo", columns: ["info_hash", "data"]),
        (name: "pieces", columns: ["info_hash", "count", "bits", "revision"]),
        (name: "settings", columns: ["key", "value"]),
        (name: "identity", columns: ["key", "value"]),
        (name: "moves", columns: ["info_hash", "target", "source"]),
        (name: "events", columns: ["sequence", "kind", "info_hash", "text"]),
    ]

    /// Reads every page that the daemon will need, but not the metainfo itself, which may be gigabytes. Throws a
    /// corruption when something does not fit together.
    static func verify(_ database: Database) throws(DatabaseError) {
        for table in Self.tables where table.name != "metainfo" {
            let finding = try database.first("PRAGMA integrity_check(\(table.name))") { $0.text(0) } ?? "ok"
            if finding != "ok" { throw .corruption(finding, of: database.path) }
        }
        try database.forEachRow("SELECT info_hash, length(data) FROM metainfo") { _ in }
    }
}
