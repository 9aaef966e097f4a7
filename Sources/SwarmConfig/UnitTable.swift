// SPDX-License-Identifier: Apache-2.0

/// Numbers with units, as sizes and durations are written: `"64 MiB"`, `"5s"`, or a bare integer in the base unit.
struct UnitTable: Sendable {
    /// What is read, for messages: "a size".
    let what: String
    /// The unit of a bare integer.
    let baseUnit: String
    /// Units for reading and writing, smallest first, with what one of them counts.
    let units: [(name: String, factor: Int64)]
    /// Units for reading only.
    let alsoRead: [(name: String, factor: Int64)]

    func read(_ node: TomlNode) throws(SettingFault) -> Int64 {
        switch node.value {
        case .integer(let number):
            return try self.scaled(number, by: self.baseUnit, shown: String(number), at: node)
        case .string(let text):
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            let unit = text[digits.endIndex...].drop { $0 == " " }
            guard let number = Int64(digits) else { throw self.fault(node, text.toml) }
            return try self.scaled(number, by: String(unit), shown: text.toml, at: node)
        case .float, .boolean, .date, .array, .table:
            throw self.fault(node, node.typeName)
        }
    }

    /// The number with the largest unit that divides it.
    func text(of number: Int64) -> String {
        let unit = self.units.last { number.isMultiple(of: $0.factor) && number != 0 }
        guard let unit else { return "\(number == 0 ? 0 : number / self.units[0].factor) \(self.zeroUnit(number))" }
        return "\(number / unit.factor) \(unit.name)"
    }

    private func zeroUnit(_ number: Int64) -> String { number == 0 ? self.baseUnit : self.units[0].name }

    private func scaled(_ number: Int64, by unit: String, shown: String, at node: TomlNode) throws(SettingFault)
        -> Int64
    {
        guard let factor = (self.units + self.alsoRead).first(where: { $0.name == unit })?.factor else {
            throw self.fault(node, shown)
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        guard number >= 0, !overflow else { throw SettingFault(node, "\(shown) is out of range") }
        return product
    }

    private func fault(_ node: TomlNode, _ found: String) -> SettingFault {
        let example = self.units.dropFirst().first.map { "\"64 \($0.name)\"" } ?? ""
        let names = self.units.map(\.name).joined(separator: ", ")
        return SettingFault(node, "expected \(self.what) as \(example) (\(names)), found \(found)")
    }
}
