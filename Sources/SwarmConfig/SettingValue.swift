// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A type that a setting can have: read from a TOML value, written as one.
protocol SettingValue: Sendable {
    /// Reads a value; the fault says what was expected.
    init(toml node: TomlNode) throws(SettingFault)
    /// The value as TOML text, which `init(toml:)` reads back as the same value.
    var toml: String { get }
    /// Which values there are, in words, such as `true or false`.
    static var accepts: String { get }
    /// Whether it is made of several values.
    static var isList: Bool { get }
}

extension SettingValue {
    static var isList: Bool { false }
}

extension String: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        guard case .string(let text) = node.value else {
            throw SettingFault(node, "expected a string in quotes, found \(node.typeName)")
        }
        self = text
    }

    static var accepts: String { "a string" }

    var toml: String {
        var text = "\""
        for scalar in self.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7f {
                    text += "\\u00" + Hexadecimal.encode(CollectionOfOne(UInt8(scalar.value)))
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        return text + "\""
    }
}

extension Int: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        guard case .integer(let number) = node.value else {
            throw SettingFault(node, "expected an integer, found \(node.typeName)")
        }
        self = Int(number)
    }

    static var accepts: String { "a whole number" }

    var toml: String { String(self) }
}

extension Bool: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        guard case .boolean(let value) = node.value else {
            throw SettingFault(node, "expected true or false, found \(node.typeName)")
        }
        self = value
    }

    var toml: String { self ? "true" : "false" }
    static var accepts: String { "true or false" }
}

extension Array: SettingValue where Element: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        guard case .array(let elements) = node.value else {
            throw SettingFault(node, "expected a list in brackets, found \(node.typeName)")
        }
        var values: [Element] = []
        for element in elements { values.append(try Element(toml: element)) }
        self = values
    }

    var toml: String { "[" + self.map(\.toml).joined(separator: ", ") + "]" }
    static var accepts: String { "a list of \(Element.accepts)" }
    static var isList: Bool { true }
}

extension PeerEndpoint: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        let text = try String(toml: node)
        guard let endpoint = PeerEndpoint(text) else {
            throw SettingFault(
                node, "expected an address and port as \"0.0.0.0:6881\" or \"[::]:6881\", found \(text.toml)")
        }
        self = endpoint
    }

    var toml: String { self.description.toml }
    static var accepts: String { "\"address:port\"" }
}
