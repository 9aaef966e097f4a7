// SPDX-License-Identifier: Apache-2.0

import SwarmEvents
import Testing

@Suite struct MessageCatalogueTests {
    /// One entry as the journal's compiler reads it: an id, header lines, an empty line, text.
    private struct Entry {
        let id: String
        var headers: [String: String] = [:]
        var text: [Substring] = []
    }

    private static func parse(_ catalogue: String) throws -> [Entry] {
        var entries: [Entry] = []
        var inText = false
        for line in catalogue.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("-- ") {
                entries.append(Entry(id: String(line.dropFirst(3))))
                inText = false
                continue
            }
            guard !entries.isEmpty else { continue }
            if inText {
                entries[entries.count - 1].text.append(line)
            } else if line.isEmpty {
                inText = true
            } else {
                let colon = try #require(line.firstIndex(of: ":"), "a header without a colon: \(line)")
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                entries[entries.count - 1].headers[String(line[..<colon])] = String(value)
            }
        }
        return entries
    }

    @Test func `every kind stands in it once, with subject and text`() throws {
        let entries = try Self.parse(MessageCatalogue.text)
        #expect(entries.map(\.id) == EventKind.allCases.map(\.messageID))
        for (entry, kind) in zip(entries, EventKind.allCases) {
            #expect(entry.headers["Subject"] == kind.explanation.subject)
            #expect(entry.headers["Defined-By"] == "Swarm")
            #expect(entry.headers["Support"] != nil)
            #expect(entry.text.contains { !$0.isEmpty }, "\(kind) has no text")
            #expect(entry.text.joined(separator: "\n").hasPrefix(kind.explanation.text))
        }
    }

    @Test(arguments: EventKind.allCases) func `fields are named as the journal has them`(kind: EventKind) {
        let parts = kind.explanation.text.split(separator: "@", omittingEmptySubsequences: false)
        #expect(parts.count % 2 == 1, "an @ without its other one")
        for field in stride(from: 1, to: parts.count, by: 2).map({ parts[$0] }) {
            #expect(field.wholeMatch(of: /SWARM_[A-Z0-9_]+|SYSLOG_IDENTIFIER|MESSAGE/) != nil, "\(field)")
        }
        for line in kind.explanation.text.split(separator: "\n") {
            // A line that begins so would end the entry.
            #expect(!line.hasPrefix("-- ") && !line.hasPrefix("#"))
            #expect(line.count <= 100)
        }
    }
}
