// SPDX-License-Identifier: Apache-2.0

import CToml

/// Reads TOML text into nodes.
enum TomlDocument {
    /// The entries of the document's top table, in the order of the text; throws the first fault of its grammar.
    static func entries(of text: [UInt8]) throws(SettingFault) -> [TomlEntry] {
        var position = ctoml_position(line: 1, column: 1)
        var message = [CChar](repeating: 0, count: 512)
        let document = text.withUnsafeBytes { bytes in
            ctoml_parse(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &position, &message, 512)
        }
        guard let document else {
            let words = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw SettingFault(
                line: Int(position.line), column: Int(position.column),
                message: "not valid TOML: " + String(decoding: words, as: UTF8.self))
        }
        defer { ctoml_free(document) }
        guard let root = ctoml_root(document) else { return [] }
        return Self.entries(of: root)
    }

    private static func entries(of table: OpaquePointer) -> [TomlEntry] {
        Self.children(of: table).map { child in
            let position = ctoml_node_key_position(child)
            return TomlEntry(
                key: Self.text(ctoml_node_key(child)), line: Int(position.line), column: Int(position.column),
                node: Self.node(child))
        }
    }

    private static func node(_ source: OpaquePointer) -> TomlNode {
        let position = ctoml_node_position(source)
        let value: TomlNode.Value =
            switch ctoml_node_kind(source) {
            case CTOML_STRING: .string(Self.text(ctoml_node_string(source)))
            case CTOML_INTEGER: .integer(ctoml_node_integer(source))
            case CTOML_FLOAT: .float(ctoml_node_float(source))
            case CTOML_BOOLEAN: .boolean(ctoml_node_boolean(source))
            case CTOML_ARRAY: .array(Self.children(of: source).map(Self.node))
            case CTOML_TABLE: .table(Self.entries(of: source))
            default: .date
            }
        return TomlNode(line: Int(position.line), column: Int(position.column), value: value)
    }

    private static func children(of source: OpaquePointer) -> [OpaquePointer] {
        (0..<ctoml_node_count(source)).compactMap { ctoml_node_child(source, $0) }
    }

    private static func text(_ source: ctoml_text) -> String {
        guard let start = source.bytes else { return "" }
        let bytes = UnsafeRawBufferPointer(start: start, count: source.length)
        return String(decoding: bytes, as: UTF8.self)
    }
}
