// SPDX-License-Identifier: Apache-2.0

import Database
import Metainfo
import SwarmModel

/// What the catalogue tells of a torrent.
struct CatalogueEntry: Sendable {
    /// The columns that `init(row)` reads, in its order.
    static let columns = "hash, hash_v2, name, size, files, created"

    let infoHash: InfoHash
    let infoHashV2: InfoHashV2?
    let name: String
    /// Bytes of the files, padding left out.
    let size: Int64
    /// Number of files, padding left out.
    let files: Int
    /// When it was registered, seconds since 1970.
    let created: Int64

    init(_ metainfo: Metainfo, created: Int64) {
        self.infoHash = metainfo.infoHash
        self.infoHashV2 = metainfo.infoHashV2
        self.name = metainfo.name
        self.size = Int64(clamping: metainfo.contentLength)
        self.files = metainfo.files.count { !$0.isPadding }
        self.created = created
    }

    init(_ row: borrowing SQLRow) {
        self.infoHash = InfoHash(bytes: row.blob(0)) ?? InfoHash(Bytes20())
        self.infoHashV2 = InfoHashV2(bytes: row.blob(1))
        self.name = row.text(2)
        self.size = row.integer(3)
        self.files = Int(row.integer(4))
        self.created = row.integer(5)
    }

    /// Writes the fields of a JSON object; the counts are of this moment.
    func write(to json: inout JSONWriter, seeds: Int, leechers: Int) {
        json.field("info_hash", self.infoHash.description)
        if let hash = self.infoHashV2 { json.field("info_hash_v2", hash.description) }
        json.field("name", self.name)
        json.field("size", Int(self.size))
        json.field("files", self.files)
        json.field("created", Int(self.created))
        json.field("seeds", seeds)
        json.field("leechers", leechers)
    }
}
