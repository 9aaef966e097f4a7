// SPDX-License-Identifier: Apache-2.0

extension Double: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        switch node.value {
        case .integer(let value): self = Double(value)
        case .float(let value) where value.isFinite: self = value
        case .float, .string, .boolean, .date, .array, .table:
            throw SettingFault(node, "expected a number, found \(node.typeName)")
        }
    }

    static var accepts: String { "a number" }

    /// Whole numbers without a fraction.
    var toml: String { Int(exactly: self).map { String($0) } ?? String(self) }
}
