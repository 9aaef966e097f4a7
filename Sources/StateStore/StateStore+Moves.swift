// SPDX-License-Identifier: Apache-2.0

import Database
package import SwarmModel

extension StateStore {
    /// The moves that are not over.
    package func moves() throws(StateError) -> [InfoHash: PendingMove] {
        let rows = try self.perform { database throws(DatabaseError) in
            try database.rows("SELECT info_hash, target, source FROM moves") {
                (InfoHash(bytes: $0.blob(0)), $0.optionalText(1), $0.optionalText(2))
            }
        }
        var moves: [InfoHash: PendingMove] = [:]
        for (infoHash, target, source) in rows {
            guard let infoHash else { continue }
            moves[infoHash] = target.map { .to($0) } ?? source.map { .from($0) }
        }
        return moves
    }

    /// Notes that files begin to move to a folder. Throws `unknown` when there is no such torrent.
    package func beginMove(of infoHash: InfoHash, to folder: String) async throws(StateError) {
        guard try self.torrent(infoHash) != nil else { throw .unknown(infoHash) }
        _ = try await self.change { database throws(DatabaseError) in
            try database.run(
                "INSERT OR REPLACE INTO moves (info_hash, target, source) VALUES (?, ?, NULL)",
                .blob(infoHash.bytes), .text(folder))
        }
    }

    /// Records, at once, that the files are in another folder and that copies may be left in the old one.
    package func completeMove(of infoHash: InfoHash, to folder: String, disk: String?, from source: String)
        async throws(StateError)
    {
        try await self.change { database throws(DatabaseError) in
            try database.run(
                "UPDATE torrents SET folder = ?, disk = ? WHERE info_hash = ?", .text(folder), .optional(disk),
                .blob(infoHash.bytes))
            try database.run(
                "INSERT OR REPLACE INTO moves (info_hash, target, source) VALUES (?, NULL, ?)",
                .blob(infoHash.bytes), .text(source))
        }
    }

    /// Notes that a move is over, or was taken back.
    package func endMove(of infoHash: InfoHash) async throws(StateError) {
        _ = try await self.change { database throws(DatabaseError) in
            try database.run("DELETE FROM moves WHERE info_hash = ?", .blob(infoHash.bytes))
        }
    }
}
