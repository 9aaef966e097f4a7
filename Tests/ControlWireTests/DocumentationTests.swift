// SPDX-License-Identifier: Apache-2.0

import ControlWire
import FoundationEssentials
import Testing

@Suite struct DocumentationTests {
    private static let methods = ControlProtocol.methods + ControlProtocol.trackerMethods

    private static var text: String {
        get throws {
            var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
            parts.removeLast(3)
            let path = parts.joined(separator: "/") + "/packaging/doc/control-protocol.md"
            return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        }
    }

    /// What stands under a heading, up to the next one of any level.
    private static func section(_ heading: String) throws -> String {
        let lines = try Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == heading }, "no heading \(heading)")
        return "\n" + lines[(start + 1)...].prefix { !$0.hasPrefix("#") }.joined(separator: "\n")
    }

    @Test func `every method has its heading, and every heading its method`() throws {
        let headings = try Self.text.split(separator: "\n").filter { $0.hasPrefix("### `") }
            .map { $0.dropFirst(5).dropLast() }
        #expect(headings.map(String.init) == Self.methods.map { $0.name })
        #expect(Set(headings).count == headings.count)
    }

    @Test func `every field of every method stands under its heading`() throws {
        for method in Self.methods {
            let section = try Self.section("### `\(method.name)`")
            for field in Self.fields(of: method) {
                #expect(section.contains("`\(field)`") || section.contains("]("), "\(method.name): \(field)")
            }
            #expect(section.contains("Changes things") == (method.access == .change), "\(method.name)")
        }
    }

    @Test func `every field of every object stands under its heading`() throws {
        for object in ControlProtocol.objects {
            let section = try Self.section("### \(object)")
            let inherited = object == TorrentDetail.self ? TorrentSummary.fieldNames : []
            for field in object.fieldNames where !inherited.contains(field) {
                #expect(section.contains("\n| `\(field)` |"), "\(object): \(field)")
            }
        }
    }

    @Test func `every error code is in the table with its name`() throws {
        let section = try Self.section("## Errors")
        for code in ControlErrorCode.allCases {
            #expect(section.contains("| \(code.rawValue) | `\(code.name)` |"), "\(code)")
        }
    }

    @Test(arguments: ControlErrorCode.allCases)
    func `an error of every kind has the keys that are documented, and no other`(code: ControlErrorCode) throws {
        let offered = [ControlCandidate(infoHash: Samples.hash, name: "n"), ControlCandidate(name: "n")]
        for candidates in [[], offered] {
            let text = try JSONCoding.encode(ControlError(code, "m", candidates: candidates))
            #expect(String(decoding: text, as: UTF8.self).contains("\"name\":\"\(code.name)\""))
            try Self.check(text, is: "ControlError")
        }
    }

    /// Holds the keys of an object, and of the objects in it, against the tables of the document.
    private static func check(_ text: [UInt8], is object: String) throws {
        guard case .object(let members) = try JSONOutline(of: text) else {
            Issue.record("\(object) is no object")
            return
        }
        let fields = try Self.documented(object)
        let keys = members.map(\.key)
        #expect(Set(keys).isSubset(of: fields.keys), "\(object)")
        for (name, type) in fields where !type.hasSuffix(" or absent") {
            #expect(keys.contains(name), "\(object) lacks \(name)")
        }
        for member in members {
            let type = fields[member.key] ?? ""
            guard let kind = type.split(separator: "[").dropFirst().first?.prefix(while: { $0 != "]" }) else {
                continue
            }
            let value = Array(text[member.value])
            let parts =
                if case .array(let places) = try JSONOutline(of: value) {
                    places.map { Array(value[$0]) }
                } else {
                    [value]
                }
            for part in parts { try Self.check(part, is: String(kind)) }
        }
    }

    /// The fields in an object's table, with their types.
    private static func documented(_ object: String) throws -> [String: String] {
        let rows = try Self.section("### \(object)").split(separator: "\n").filter { $0.hasPrefix("| `") }
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                // The spaces about each cell, and the marks about the name, go.
                let cells = row.split(separator: "|").map { $0.dropFirst().dropLast() }
                return (String(cells[0].dropFirst().dropLast()), String(cells[1]))
            })
    }

    @Test func `every notification is in its table with what it carries`() throws {
        let section = try Self.section("## Notifications")
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == ControlNotification.all.count)
        for (row, (method, params)) in zip(rows, ControlNotification.all) {
            #expect(row.hasPrefix("| `\(method)` | [\(params)](#"), "\(method)")
        }
    }

    @Test func `no table has a field that the code does not know`() throws {
        for object in ControlProtocol.objects {
            let rows = try Self.section("### \(object)").split(separator: "\n").filter { $0.hasPrefix("| `") }
            for row in rows {
                let field = row.dropFirst(3).prefix { $0 != "`" }
                #expect(object.fieldNames.contains(String(field)), "\(object): \(field)")
            }
        }
        for method in ControlProtocol.methods {
            let known = Self.fields(of: method)
            let rows = try Self.section("### `\(method.name)`").split(separator: "\n").filter { $0.hasPrefix("| `") }
            for row in rows {
                let field = row.dropFirst(3).prefix { $0 != "`" }
                #expect(known.contains(String(field)), "\(method.name): \(field)")
            }
        }
    }

    @Test func `the version that is documented is the one that is spoken`() throws {
        #expect(try Self.text.contains("Version \(ControlProtocol.version) ("))
    }

    @Test func `codes and names are unique`() {
        #expect(Set(ControlErrorCode.allCases.map(\.name)).count == ControlErrorCode.allCases.count)
        #expect(Set(Self.methods.map { $0.name }).count == Self.methods.count)
    }

    private static func fields(of method: any ControlMethod.Type) -> [String] {
        func names<Method: ControlMethod>(_ method: Method.Type) -> [String] {
            Method.Params.fieldNames + Method.Result.fieldNames
        }
        return names(method)
    }
}
