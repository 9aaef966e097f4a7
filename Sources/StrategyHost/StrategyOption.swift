// SPDX-License-Identifier: Apache-2.0

/// An option of a plugin, as it describes it.
package struct StrategyOption: Hashable, Sendable {
    /// What values it takes. Raw values are those of the plugin ABI.
    package enum Kind: UInt32, Sendable {
        /// `true` or `false`.
        case boolean = 1
        /// A whole number.
        case integer = 2
        /// A decimal fraction.
        case number = 3
        /// Any text.
        case text = 4
    }

    /// How operators call it.
    package let key: String
    /// What values it takes.
    package let kind: Kind
    /// Its value unless set.
    package let defaultValue: String
    /// One line for people.
    package let help: String
    /// Limits of numbers, both included; nil when there are none.
    package let limits: ClosedRange<Int64>?

    /// Which values it takes, in words: `0 to 1000`.
    package var accepts: String {
        if let limits = self.limits { return "\(limits.lowerBound) to \(limits.upperBound)" }
        return switch self.kind {
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .text: "a string"
        }
    }

    /// Whether it takes a value that is written like this.
    package func accepts(_ text: String) -> Bool {
        if case .success = self.read(text) { true } else { false }
    }

    /// Reads a value that an operator wrote; says what is wrong with it otherwise.
    func read(_ text: String) -> Result<StrategyOptionValue, StrategyError> {
        switch self.kind {
        case .boolean:
            guard text == "true" || text == "false" else { return self.refuse(text, "true or false") }
            return .success(StrategyOptionValue(text: text, integer: text == "true" ? 1 : 0, number: 0))
        case .integer:
            guard let value = Int64(text), self.limits?.contains(value) ?? true else {
                return self.refuse(text, "a whole number" + self.limitText)
            }
            return .success(StrategyOptionValue(text: text, integer: value, number: Double(value)))
        case .number:
            guard let value = Double(text), value.isFinite, self.allows(value) else {
                return self.refuse(text, "a number" + self.limitText)
            }
            return .success(StrategyOptionValue(text: text, integer: 0, number: value))
        case .text: return .success(StrategyOptionValue(text: text, integer: 0, number: 0))
        }
    }

    private func allows(_ value: Double) -> Bool {
        guard let limits = self.limits else { return true }
        return value >= Double(limits.lowerBound) && value <= Double(limits.upperBound)
    }

    private var limitText: String {
        self.limits.map { " from \($0.lowerBound) to \($0.upperBound)" } ?? ""
    }

    private func refuse(_ text: String, _ wanted: String) -> Result<StrategyOptionValue, StrategyError> {
        .failure(StrategyError(code: .badOption, message: "option \(self.key): '\(text)' is not \(wanted)"))
    }
}
