// SPDX-License-Identifier: Apache-2.0

import Logging
import SwarmEvents
import Testing

@testable import Systemd

@Suite struct JournalRecordTests {
    private static func record(_ message: String, _ metadata: Logger.Metadata = [:]) -> [String] {
        JournalRecord(.warning, message, metadata, identifier: "swarmd").fields.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test func `a record has message, priority, program and the fields under their names`() {
        let fields = Self.record(
            "piece 7 of alma does not match its hash",
            [
                "event": "piece-hash-failed", "torrent.id": "ab12", "torrent.name": "alma", "peer.address": "1.2.3.4:5",
                "piece.index": "7", "error.message": "bad",
            ])
        #expect(
            fields == [
                "MESSAGE=piece 7 of alma does not match its hash", "PRIORITY=4", "SYSLOG_IDENTIFIER=swarmd",
                "MESSAGE_ID=\(EventKind.pieceHashFailed.messageID)", "SWARM_ERROR_MESSAGE=bad",
                "SWARM_EVENT=piece-hash-failed", "SWARM_PEER=1.2.3.4:5", "SWARM_PIECE=7", "SWARM_TORRENT=ab12",
                "SWARM_TORRENT_NAME=alma",
            ])
    }

    @Test func `an event that nobody knows has no id`() {
        #expect(!Self.record("x", ["event": "made-up"]).contains { $0.hasPrefix("MESSAGE_ID=") })
    }

    @Test func `a value with line breaks stays one field`() {
        let evil = "a\nMESSAGE_ID=0123\nPRIORITY=0"
        let fields = Self.record("m", ["torrent.name": .string(evil)])
        #expect(fields.count == 4)
        #expect(fields.last == "SWARM_TORRENT_NAME=" + evil)
    }

    @Test func `a message is one line without control characters`() {
        #expect(Self.record("a\nb\u{1B}[31m\u{202E}\u{85}c")[0] == #"MESSAGE=a\nb\u{1B}[31m\u{202E}\u{0085}c"#)
        #expect(Self.record("grün \u{2014} 🐝")[0] == "MESSAGE=grün \u{2014} 🐝")
    }

    @Test func `long values are cut between characters`() {
        let long = String(repeating: "é", count: 10_000)
        let fields = JournalRecord(.info, long, ["torrent.name": .string(long)], identifier: "swarmd").fields
        #expect(fields[0].count <= JournalRecord.messageLimit + "MESSAGE=".utf8.count)
        #expect(fields[3].count <= JournalRecord.valueLimit + "SWARM_TORRENT_NAME=".utf8.count)
        for field in [fields[0], fields[3]] {
            let text = String(decoding: field, as: UTF8.self)
            #expect(text.hasSuffix("é\u{2026}") && !text.contains("\u{FFFD}"))
        }
    }

    @Test func `the number of fields is bounded`() {
        var metadata: Logger.Metadata = [:]
        for number in 0..<1_000 { metadata["k\(number)"] = "v" }
        #expect(Self.record("m", metadata).count == JournalRecord.fieldLimit)
    }

    @Test(arguments: [
        ("store.path", "SWARM_STORE_PATH"), ("event", "SWARM_EVENT"), ("a=b\nPRIORITY", "SWARM_A_B_PRIORITY"),
        ("ünits", "SWARM___NITS"), ("", nil), ("...", nil), ("_x", "SWARM__X"),
    ])
    func `field names are of the journal's alphabet`(key: String, name: String?) {
        #expect(JournalRecord.name(of: key) == name)
    }

    @Test func `a field name is never too long for the journal`() throws {
        #expect(try #require(JournalRecord.name(of: String(repeating: "x", count: 500))).utf8.count <= 64)
    }
}
