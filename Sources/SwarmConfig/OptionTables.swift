// SPDX-License-Identifier: Apache-2.0

/// Options by the names of those they are for: tables below a table, such as `[strategy.deadline]`. Which there are, and
/// which values they take, others know and check.
package struct OptionTables: Hashable, Sendable {
    private var tables: [String: [String: OptionValue]] = [:]

    /// No options.
    package init() {}

    /// The options of `name`, by key; empty when none is set.
    package subscript(name: String) -> [String: OptionValue] { self.tables[name] ?? [:] }

    /// Those that have options, in order.
    package var names: [String] { self.tables.keys.sorted() }

    /// The options of `name` as plugins are given them.
    package func bare(_ name: String) -> [String: String] {
        self.tables[name]?.mapValues(\.bare) ?? [:]
    }

    /// Every option as `name.key`, with its value as TOML text.
    package var texts: [String: String] {
        var texts: [String: String] = [:]
        for (name, options) in self.tables {
            for (key, value) in options { texts["\(name).\(key)"] = value.toml }
        }
        return texts
    }

    /// Sets one option; nil takes it out.
    package mutating func set(_ value: OptionValue?, _ key: String, of name: String) {
        var options = self[name]
        options[key] = value
        self.tables[name] = options.isEmpty ? nil : options
    }

    /// Whether `name` may be that of a plugin or option: lower-case letters, digits and `-`, a letter first.
    static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7a).contains(first), name.utf8.count <= 32 else { return false }
        return name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}
