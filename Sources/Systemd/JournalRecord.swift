// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmEvents

/// One record of the journal: its fields as bytes, `NAME=value` each (sd_journal_sendv(3)).
///
/// Names come from the program, values may come from anybody. A value cannot become another field: the journal's
/// protocol gives the length of every value that has a line break in it.
struct JournalRecord: Sendable {
    /// Bytes of a message at most; what is longer is cut.
    static let messageLimit = 8 << 10
    /// Bytes of any other value at most.
    static let valueLimit = 4 << 10
    /// Fields of one record at most.
    static let fieldLimit = 48

    /// `NAME=value`, in order.
    let fields: [[UInt8]]

    /// The record of one event. `identifier` is the program's name.
    init(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, identifier: String) {
        var fields = [
            Self.field("MESSAGE", LogText.printable(message), limit: Self.messageLimit),
            Self.field("PRIORITY", "\(level.priority)", limit: Self.valueLimit),
            Self.field("SYSLOG_IDENTIFIER", identifier, limit: Self.valueLimit),
        ]
        if case .string(let name)? = metadata[Logger.eventKey], let kind = EventKind(rawValue: name) {
            fields.append(Self.field("MESSAGE_ID", kind.messageID, limit: Self.valueLimit))
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }).prefix(Self.fieldLimit - fields.count) {
            guard let name = Self.name(of: key) else { continue }
            fields.append(Self.field(name, "\(value)", limit: Self.valueLimit))
        }
        self.fields = fields
    }

    /// What a metadata key is called in the journal; nil for one that has no letter or digit.
    static func name(of key: String) -> String? {
        switch key {
        case "torrent.id": return "SWARM_TORRENT"
        case "peer.address": return "SWARM_PEER"
        case "piece.index": return "SWARM_PIECE"
        default: break
        }
        let letters = key.utf8.prefix(48).map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 32
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "_")
            }
        }
        guard letters.contains(where: { $0 != UInt8(ascii: "_") }) else { return nil }
        return "SWARM_" + String(decoding: letters, as: UTF8.self)
    }

    private static func field(_ name: String, _ value: String, limit: Int) -> [UInt8] {
        Array(name.utf8) + [UInt8(ascii: "=")] + LogText.prefix(of: value, bytes: limit)
    }
}
