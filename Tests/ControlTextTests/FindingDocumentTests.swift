// SPDX-License-Identifier: Apache-2.0

import ControlText
import FoundationEssentials
import Testing

@Suite struct FindingDocumentTests {
    @Test func `the document lists every kind of finding, and no other`() throws {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        let path = parts.joined(separator: "/") + "/packaging/doc/control-protocol.md"
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let lines = text.split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "### FindingKind"))
        let kinds = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }.filter { $0.hasPrefix("- `") }
            .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
        #expect(kinds == Finding.Kind.allCases.map(\.rawValue))
    }
}
