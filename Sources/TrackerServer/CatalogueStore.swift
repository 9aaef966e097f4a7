// SPDX-License-Identifier: Apache-2.0

import Database
import SwarmModel

/// The catalogue's tables. Names are kept as they are and folded to lower case for the search; the torrent files stand
/// in a table of their own, so that a search does not wade through them.
struct CatalogueStore {
    private static let schema = [
        """
        CREATE TABLE torrent (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE,
            hash_v2 BLOB UNIQUE,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            size INTEGER NOT NULL,
            files INTEGER NOT NULL,
            created INTEGER NOT NULL,
            token TEXT NOT NULL
        );
        CREATE INDEX torrent_name ON torrent (name);
        CREATE TABLE metainfo (
            id INTEGER PRIMARY KEY REFERENCES torrent (id) ON DELETE CASCADE,
            bytes BLOB NOT NULL
        );
        """,
        """
        CREATE TABLE untold (
            hash BLOB PRIMARY KEY,
            removed INTEGER NOT NULL
        ) WITHOUT ROWID;
        """,
    ]

    private let database: Database
    private(set) var count: Int
    private(set) var byteCount: Int

    /// Opens the file or creates it; `:memory:` keeps nothing.
    init(path: String) throws(DatabaseError) {
        self.database = try Database(path: path, durability: .power)
        try self.database.migrate(Self.schema)
        self.count = try self.database.first("SELECT COUNT(*) FROM torrent") { Int($0.integer(0)) } ?? 0
        self.byteCount =
            try self.database.first("SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM metainfo") { Int($0.integer(0)) } ?? 0
    }

    /// Whether changes are written down for the other nodes of a cluster.
    var notesChanges = false

    mutating func insert(_ entry: CatalogueEntry, bytes: [UInt8], token: String) throws(DatabaseError) {
        let (database, notesChanges) = (self.database, self.notesChanges)
        try database.transaction { () throws(DatabaseError) in
            try database.run(
                """
                INSERT INTO torrent (hash, hash_v2, name, folded, size, files, created, token)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                .blob(entry.infoHash.bytes), .optional(entry.infoHashV2?.bytes), .text(entry.name),
                .text(entry.name.lowercased()), .integer(entry.size), .integer(entry.files), .integer(entry.created),
                .text(token))
            try database.run(
                "INSERT INTO metainfo (id, bytes) VALUES (?, ?)", .integer(database.lastInsertedRow), .blob(bytes))
            if notesChanges { try Self.note(entry.infoHash, isRemoved: false, in: database) }
        }
        self.count += 1
        self.byteCount += bytes.count
    }

    mutating func remove(_ key: CatalogueKey) throws(DatabaseError) {
        guard let entry = try self.entry(key) else { return }
        let bytes = try self.metainfo(key)?.count ?? 0
        let (database, notesChanges) = (self.database, self.notesChanges)
        try database.transaction { () throws(DatabaseError) in
            try database.run("DELETE FROM torrent WHERE \(key.condition)", .blob(key.bytes))
            if notesChanges { try Self.note(entry.infoHash, isRemoved: true, in: database) }
        }
        self.count -= 1
        self.byteCount -= bytes
    }

    func entry(_ key: CatalogueKey) throws(DatabaseError) -> CatalogueEntry? {
        try self.database.first(
            "SELECT \(CatalogueEntry.columns) FROM torrent WHERE \(key.condition)", .blob(key.bytes)
        ) { CatalogueEntry($0) }
    }

    func token(_ key: CatalogueKey) throws(DatabaseError) -> String? {
        try self.database.first("SELECT token FROM torrent WHERE \(key.condition)", .blob(key.bytes)) { $0.text(0) }
    }

    func metainfo(_ key: CatalogueKey) throws(DatabaseError) -> [UInt8]? {
        try self.database.first(
            "SELECT bytes FROM metainfo WHERE id = (SELECT id FROM torrent WHERE \(key.condition))", .blob(key.bytes)
        ) { $0.blob(0) }
    }

    /// Entries whose name is `name`, or has all of `words` in it; newest first.
    func list(_ filter: CatalogueFilter, limit: Int) throws(DatabaseError) -> [CatalogueEntry] {
        if let name = filter.name {
            return try self.database.rows(
                "SELECT \(CatalogueEntry.columns) FROM torrent WHERE name = ? ORDER BY id DESC LIMIT ? OFFSET ?",
                .text(name), .integer(limit), .integer(filter.offset)
            ) { CatalogueEntry($0) }
        }
        // One statement for any number of words: a pattern that is not used matches everything.
        var patterns = filter.words.map(Self.pattern)
        while patterns.count < CatalogueFilter.maximumWords { patterns.append("%") }
        return try self.database.rows(
            Self.search, .text(patterns[0]), .text(patterns[1]), .text(patterns[2]), .text(patterns[3]),
            .text(patterns[4]), .text(patterns[5]), .text(patterns[6]), .text(patterns[7]), .integer(limit),
            .integer(filter.offset)
        ) { CatalogueEntry($0) }
    }

    private static let search: String = {
        let like = Array(repeating: "folded LIKE ? ESCAPE '\\'", count: CatalogueFilter.maximumWords)
        return "SELECT \(CatalogueEntry.columns) FROM torrent WHERE \(like.joined(separator: " AND "))"
            + " ORDER BY id DESC LIMIT ? OFFSET ?"
    }()

    private static func pattern(_ word: String) -> String {
        var pattern = "%"
        for character in word {
            if character == "%" || character == "_" || character == "\\" { pattern.append("\\") }
            pattern.append(character)
        }
        return pattern + "%"
    }
}

// What other nodes are to know.
extension CatalogueStore {
    private static func note(_ infoHash: InfoHash, isRemoved: Bool, in database: Database) throws(DatabaseError) {
        try database.run(
            "INSERT OR REPLACE INTO untold (hash, removed) VALUES (?, ?)", .blob(infoHash.bytes),
            .integer(isRemoved ? 1 : 0))
    }

    /// Changes that the other nodes have not been told of.
    func untold(limit: Int) throws(DatabaseError) -> [(infoHash: InfoHash, isRemoved: Bool)] {
        try self.database.rows("SELECT hash, removed FROM untold LIMIT ?", .integer(limit)) { row in
            (InfoHash(bytes: row.blob(0)) ?? InfoHash(Bytes20()), row.boolean(1))
        }
    }

    /// They have been told that a torrent is here, or that it is removed. What has changed again since stays untold.
    func forgetUntold(_ infoHash: InfoHash, isRemoved: Bool) throws(DatabaseError) {
        try self.database.run(
            "DELETE FROM untold WHERE hash = ? AND removed = ?", .blob(infoHash.bytes), .integer(isRemoved ? 1 : 0))
    }

    /// They are to be told of a torrent that is here.
    func tell(_ infoHash: InfoHash) throws(DatabaseError) {
        try Self.note(infoHash, isRemoved: false, in: self.database)
    }

    /// All torrents that are here.
    func hashes() throws(DatabaseError) -> [InfoHash] {
        try self.database.rows("SELECT hash FROM torrent") { InfoHash(bytes: $0.blob(0)) }.compactMap(\.self)
    }
}

extension CatalogueKey {
    /// A v2 torrent is found by its first twenty bytes too, which is what `hash` holds when there is no v1 hash.
    fileprivate var condition: String {
        switch self {
        case .short: "hash = ?"
        case .v2: "hash_v2 = ?"
        }
    }
}
