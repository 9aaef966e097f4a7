// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwarmModel

/// A record as it stands in JSON; unknown fields are passed over.
private struct CatalogueRow: Decodable {
    let info_hash: String
    let name: String
    let size: UInt64
    let files: Int
    let created: Int64?
    let seeds: Int?
    let leechers: Int?

    var record: CatalogueRecord? {
        guard let infoHash = InfoHash(hex: self.info_hash), self.files >= 0 else { return nil }
        let name = String(String.UnicodeScalarView(self.name.unicodeScalars.prefix(1_024).map(Self.printable)))
        return CatalogueRecord(
            infoHash: infoHash, name: name, size: self.size, files: self.files, created: self.created,
            seeds: self.seeds, leechers: self.leechers)
    }

    /// A terminal must not be steered by a name.
    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? "\u{fffd}" : scalar
    }
}

/// What the answer to a registration has besides the row.
private struct CatalogueReceiptRow: Decodable {
    let new: Bool?
    let token: String?
}

private struct CatalogueRefusal: Decodable {
    let error: String
}

extension CatalogueRecord {
    /// Rows that are taken of one answer.
    static let rowLimit = 10_000

    static func record(json: [UInt8]) throws(CatalogueError) -> CatalogueRecord {
        guard let record = try Self.decode(CatalogueRow.self, json).record else {
            throw .garbage("the tracker's answer has an info_hash or a number that is none")
        }
        return record
    }

    static func receipt(json: [UInt8]) throws(CatalogueError) -> CatalogueReceipt {
        let row = try Self.decode(CatalogueReceiptRow.self, json)
        return CatalogueReceipt(record: try Self.record(json: json), isNew: row.new ?? true, token: row.token)
    }

    static func list(json: [UInt8]) throws(CatalogueError) -> [CatalogueRecord] {
        let rows = try Self.decode([CatalogueRow].self, json)
        return rows.prefix(Self.rowLimit).compactMap(\.record)
    }

    /// The words of an error object.
    static func refusal(json: [UInt8]) -> String? {
        try? JSONDecoder().decode(CatalogueRefusal.self, from: Data(json)).error
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ json: [UInt8]) throws(CatalogueError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(json))
        } catch {
            let start = String(decoding: json.prefix(80).map { $0 >= 0x20 && $0 < 0x7f ? $0 : 0x2e }, as: UTF8.self)
            throw .garbage("the tracker's answer is not a catalogue's JSON; it begins \"\(start)\"")
        }
    }
}
