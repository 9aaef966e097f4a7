// SPDX-License-Identifier: Apache-2.0

/// A value of a TOML document, with the place where it stands.
struct TomlNode: Sendable {
    /// What a value can be. The date kinds are known but not read: no setting is one.
    enum Value: Sendable {
        case string(String)
        case integer(Int64)
        case float(Double)
        case boolean(Bool)
        case date
        case array([TomlNode])
        case table([TomlEntry])
    }

    let line: Int
    let column: Int
    let value: Value

    /// The value's type, as an error message names it.
    var typeName: String {
        switch self.value {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a decimal number"
        case .boolean: "true or false"
        case .date: "a date"
        case .array: "a list"
        case .table: "a table"
        }
    }
}

/// One `key = value` of a TOML table.
struct TomlEntry: Sendable {
    let key: String
    let line: Int
    let column: Int
    let node: TomlNode
}
