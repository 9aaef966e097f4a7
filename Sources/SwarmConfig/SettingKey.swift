// SPDX-License-Identifier: Apache-2.0

/// One key of a configuration: the single place that names it, explains it, reads it, checks it and prints it.
package struct SettingKey<Root: Sendable>: Sendable {
    /// The table it stands in, without brackets.
    package let table: String
    /// The key itself.
    package let name: String
    /// What it does, as the default file's comment says it.
    package let help: String
    /// When a changed value is used.
    package let effect: SettingEffect
    /// Which values it takes, in words: `1 to 100000`.
    package let accepts: String
    /// TOML text to show, commented out, for a key that is unset by default.
    package let example: String?
    /// Whether it takes several values.
    let isList: Bool
    let read: @Sendable (TomlNode, inout Root) -> SettingFault?
    let write: @Sendable (Root) -> String?
    /// Carries the value of one configuration into another.
    package let copy: @Sendable (Root, inout Root) -> Void

    /// A key that always has a value.
    init<Value: SettingValue>(
        _ table: String, _ name: String, _ field: any WritableKeyPath<Root, Value> & Sendable,
        _ effect: SettingEffect, _ check: SettingCheck<Value>? = nil, help: String
    ) {
        self.table = table
        self.name = name
        self.help = help
        self.effect = effect
        self.accepts = check?.accepts ?? Value.accepts
        self.example = nil
        self.isList = Value.isList
        self.read = { node, root in
            Self.value(of: node, check) { root[keyPath: field] = $0 }
        }
        self.write = { $0[keyPath: field].toml }
        self.copy = { $1[keyPath: field] = $0[keyPath: field] }
    }

    /// A key that may be left out.
    init<Value: SettingValue>(
        _ table: String, _ name: String, optional field: any WritableKeyPath<Root, Value?> & Sendable, example: Value,
        _ effect: SettingEffect, _ check: SettingCheck<Value>? = nil, help: String
    ) {
        self.table = table
        self.name = name
        self.help = help
        self.effect = effect
        self.accepts = check?.accepts ?? Value.accepts
        self.example = example.toml
        self.isList = Value.isList
        self.read = { node, root in
            Self.value(of: node, check) { root[keyPath: field] = $0 }
        }
        self.write = { $0[keyPath: field]?.toml }
        self.copy = { $1[keyPath: field] = $0[keyPath: field] }
    }

    private static func value<Value: SettingValue>(
        of node: TomlNode, _ check: SettingCheck<Value>?, into store: (Value) -> Void
    ) -> SettingFault? {
        do throws(SettingFault) {
            let value = try Value(toml: node)
            if let fault = check?.fault(node, value) { return fault }
            store(value)
            return nil
        } catch {
            return error
        }
    }

    /// The key as messages and `swarmctl config` name it.
    package var dottedName: String { self.table + "." + self.name }

    /// Its value as TOML text; nil when it is unset.
    package func text(in configuration: Root) -> String? { self.write(configuration) }
}
