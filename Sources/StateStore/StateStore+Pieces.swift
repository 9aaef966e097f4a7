// SPDX-License-Identifier: Apache-2.0

import Database
package import SwarmModel

extension StateStore {
    /// Records which pieces are on the disk. Only after `fdatasync` has succeeded for every file that the new pieces
    /// touch: after a crash exactly these pieces are trusted, all others are hashed again. `pieces` is the whole state,
    /// not a difference.
    package func recordPieces(_ infoHash: InfoHash, _ pieces: Bitfield) async throws(StateError) {
        try await self.recordPieces([(infoHash, pieces)])
    }

    /// As `recordPieces`, for several torrents in one transaction, with the totals of some. Torrents that are not there
    /// are passed over: they were removed meanwhile.
    package func recordPieces(
        _ progress: [(infoHash: InfoHash, pieces: Bitfield)], totals: [TorrentTotals] = []
    ) async throws(StateError) {
        guard !progress.isEmpty || !totals.isEmpty else { return }
        try await self.change { database throws(DatabaseError) in
            for entry in progress { try Self.write(entry.pieces, of: entry.infoHash, to: database) }
            try Self.write(totals, to: database)
        }
    }

    /// The pieces that were recorded. Nil when nothing was, or for another number of pieces than `count`: then
    /// everything is to be hashed.
    package func pieces(of infoHash: InfoHash, count: Int) throws(StateError) -> Bitfield? {
        try self.perform { database throws(DatabaseError) in
            let sql = "SELECT count, bits FROM pieces WHERE info_hash = ?"
            return try database.first(sql, .blob(infoHash.bytes)) { row in
                row.integer(0) == Int64(count) ? Bitfield(wire: row.blob(1), count: count) : nil
            } ?? nil
        }
    }

    /// How often the pieces of a torrent were recorded.
    package func pieceRevision(of infoHash: InfoHash) throws(StateError) -> Int {
        try self.perform { database throws(DatabaseError) in
            let sql = "SELECT revision FROM pieces WHERE info_hash = ?"
            return try database.first(sql, .blob(infoHash.bytes)) { Int($0.integer(0)) } ?? 0
        }
    }

    /// Trusts nothing of a torrent's payload any more, as before its files are checked anew.
    package func forgetPieces(of infoHash: InfoHash) async throws(StateError) {
        _ = try await self.change { database throws(DatabaseError) in
            try database.run("DELETE FROM pieces WHERE info_hash = ?", .blob(infoHash.bytes))
        }
    }

    static func write(_ pieces: Bitfield, of infoHash: InfoHash, to database: Database) throws(DatabaseError) {
        try database.run(
            "INSERT INTO pieces (info_hash, count, bits, revision) SELECT info_hash, ?, ?, 1 FROM torrents "
                + "WHERE info_hash = ? ON CONFLICT DO UPDATE SET count = excluded.count, bits = excluded.bits, "
                + "revision = revision + 1",
            .integer(pieces.count), .blob(pieces.wire), .blob(infoHash.bytes))
    }
}
