// SPDX-License-Identifier: Apache-2.0

/// The value of an option whose type is not known here but to the plugin that it is for.
package enum OptionValue: Hashable, Sendable {
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A decimal fraction.
    case number(Double)
    /// A string.
    case text(String)

    /// The value as plugins are given it: bare.
    package var bare: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        }
    }

    /// The value as TOML text.
    package var toml: String {
        switch self {
        case .boolean, .integer, .number: self.bare
        case .text(let value): value.toml
        }
    }

    /// The value's type, as an error message names it.
    package var typeName: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "an integer"
        case .number: "a decimal number"
        case .text: "a string"
        }
    }

    init(toml node: TomlNode) throws(SettingFault) {
        switch node.value {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .float(let value) where value.isFinite: self = .number(value)
        case .string(let value): self = .text(value)
        case .float, .date, .array, .table:
            throw SettingFault(node, "expected true or false, a number or a string in quotes, found \(node.typeName)")
        }
    }
}
