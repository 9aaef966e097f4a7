// SPDX-License-Identifier: Apache-2.0

import Database
package import SwarmModel

extension StateStore {
    /// All torrents, oldest first. Reads neither metainfo nor progress.
    package func torrents() throws(StateError) -> [TorrentRecord] {
        try self.perform { database throws(DatabaseError) in
            try database.rows(TorrentRecord.selectStatement + " ORDER BY added, t.rowid") { TorrentRecord($0) }
        }.compactMap(\.self)
    }

    /// All torrents with their recorded pieces, oldest first, in one pass that reads no metainfo.
    package func roster() throws(StateError) -> [StoredTorrent] {
        try self.perform { database throws(DatabaseError) in
            try database.rows(TorrentRecord.rosterStatement) { row -> StoredTorrent? in
                TorrentRecord(row).map { StoredTorrent(record: $0, pieces: Self.pieces(in: row, of: $0)) }
            }
        }.compactMap(\.self)
    }

    private static func pieces(in row: borrowing SQLRow, of record: TorrentRecord) -> Bitfield? {
        let column = TorrentRecord.piecesColumn
        guard let count = record.shape?.geometry.pieceCount, row.optionalInteger(column) == Int64(count) else {
            return nil
        }
        return Bitfield(wire: row.blob(column + 1), count: count)
    }

    /// Stores what metainfo says of the sizes of some torrents, all in one transaction.
    package func setShapes(_ shapes: [(infoHash: InfoHash, shape: TorrentShape)]) async throws(StateError) {
        guard !shapes.isEmpty else { return }
        try await self.change { database throws(DatabaseError) in
            for (infoHash, shape) in shapes {
                try database.run(
                    "UPDATE torrents SET length = ?, piece_length = ?, file_count = ? WHERE info_hash = ?",
                    list: TorrentRecord.values(of: shape) + [.blob(infoHash.bytes)])
            }
        }
    }

    /// One torrent; nil when there is none of that hash.
    package func torrent(_ infoHash: InfoHash) throws(StateError) -> TorrentRecord? {
        try self.perform { database throws(DatabaseError) in
            let sql = TorrentRecord.selectStatement + " WHERE t.info_hash = ?"
            return try database.first(sql, .blob(infoHash.bytes)) { TorrentRecord($0) } ?? nil
        }
    }

    /// Adds a torrent, with its metainfo (the .torrent file's bytes) unless it is only a magnet link yet, and with the
    /// pieces that are known to be durable. Throws `duplicate` when it is there already.
    package func insert(
        _ record: TorrentRecord, metainfo: [UInt8]? = nil, pieces: Bitfield? = nil
    ) async throws(StateError) {
        guard try self.torrent(record.infoHash) == nil else { throw .duplicate(record.infoHash) }
        try await self.change { database throws(DatabaseError) in
            try database.run(TorrentRecord.insertStatement, list: record.insertValues)
            if let metainfo { try Self.write(metainfo, of: record.infoHash, to: database) }
            if let pieces { try Self.write(pieces, of: record.infoHash, to: database) }
        }
    }

    /// Changes some of what is stored of a torrent, all or nothing.
    package func update(_ infoHash: InfoHash, _ changes: TorrentChange...) async throws(StateError) {
        try await self.update(infoHash, changes)
    }

    /// As `update`, with the changes in an array.
    package func update(_ infoHash: InfoHash, _ changes: [TorrentChange]) async throws(StateError) {
        guard !changes.isEmpty else { return }
        let changed = try await self.change { database throws(DatabaseError) in
            var changed = 0
            for (column, value) in changes.flatMap(\.assignments) {
                let sql = "UPDATE torrents SET \(column) = ? WHERE info_hash = ?"
                changed += try database.run(sql, value, .blob(infoHash.bytes))
            }
            return changed
        }
        if changed == 0 { throw .unknown(infoHash) }
    }

    /// Forgets a torrent with its metainfo and progress. Returns whether it was there.
    @discardableResult
    package func remove(_ infoHash: InfoHash) async throws(StateError) -> Bool {
        try await self.change { database throws(DatabaseError) in
            try database.run("DELETE FROM torrents WHERE info_hash = ?", .blob(infoHash.bytes)) > 0
        }
    }

    /// Stores totals, all in one transaction. Torrents that are not there are passed over.
    package func recordTotals(_ totals: [TorrentTotals]) async throws(StateError) {
        guard !totals.isEmpty else { return }
        try await self.change { database throws(DatabaseError) in
            try Self.write(totals, to: database)
        }
    }

    /// Stores the places of torrents in the queue, all in one transaction.
    package func setPlaces(_ places: [(infoHash: InfoHash, place: Int64)]) async throws(StateError) {
        guard !places.isEmpty else { return }
        try await self.change { database throws(DatabaseError) in
            for (infoHash, place) in places {
                try database.run(
                    "UPDATE torrents SET place = ? WHERE info_hash = ?", .integer(place), .blob(infoHash.bytes))
            }
        }
    }

    static func write(_ totals: [TorrentTotals], to database: Database) throws(DatabaseError) {
        for total in totals {
            try database.run(
                "UPDATE torrents SET uploaded = ?, downloaded = ? WHERE info_hash = ?",
                .integer(total.uploaded), .integer(total.downloaded), .blob(total.infoHash.bytes))
        }
    }

    /// The .torrent file's bytes; nil while the torrent is only a magnet link.
    package func metainfo(of infoHash: InfoHash) throws(StateError) -> [UInt8]? {
        try self.perform { database throws(DatabaseError) in
            try database.first("SELECT data FROM metainfo WHERE info_hash = ?", .blob(infoHash.bytes)) { $0.blob(0) }
        }
    }

    /// Stores the .torrent file's bytes, once a magnet link's metadata has come.
    package func setMetainfo(_ metainfo: [UInt8], of infoHash: InfoHash) async throws(StateError) {
        guard try self.torrent(infoHash) != nil else { throw .unknown(infoHash) }
        try await self.change { database throws(DatabaseError) in
            try Self.write(metainfo, of: infoHash, to: database)
        }
    }

    /// Stores the .torrent file's bytes of what was a magnet link, with the name and the size that it tells.
    package func setMetainfo(
        _ metainfo: [UInt8], of infoHash: InfoHash, name: String, shape: TorrentShape
    ) async throws(StateError) {
        guard try self.torrent(infoHash) != nil else { throw .unknown(infoHash) }
        try await self.change { database throws(DatabaseError) in
            try Self.write(metainfo, of: infoHash, to: database)
            try database.run(
                "UPDATE torrents SET name = ?, length = ?, piece_length = ?, file_count = ? WHERE info_hash = ?",
                list: [.text(name)] + TorrentRecord.values(of: shape) + [.blob(infoHash.bytes)])
        }
    }

    private static func write(
        _ metainfo: [UInt8], of infoHash: InfoHash, to database: Database
    ) throws(DatabaseError) {
        try database.run(
            "INSERT INTO metainfo (info_hash, data) VALUES (?, ?) ON CONFLICT DO UPDATE SET data = excluded.data",
            .blob(infoHash.bytes), .blob(metainfo))
    }
}
