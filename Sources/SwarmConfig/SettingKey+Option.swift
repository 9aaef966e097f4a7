// SPDX-License-Identifier: Apache-2.0

extension SettingKey {
    /// The option `name` of the plugin `owner`, in a table below `table`: known only once the plugin is. While it is not
    /// set, its value is told as `defaultValue`. `check` says what is wrong with a value, nil when nothing is.
    package init(
        option name: String, of owner: String, in table: String,
        _ field: any WritableKeyPath<Root, OptionTables> & Sendable, default defaultValue: OptionValue,
        _ effect: SettingEffect, accepts: String, help: String, check: @escaping @Sendable (OptionValue) -> String?
    ) {
        self.table = "\(table).\(owner)"
        self.name = name
        self.help = help
        self.effect = effect
        self.accepts = accepts
        self.example = nil
        self.isList = false
        self.read = { node, root in
            do throws(SettingFault) {
                let value = try OptionValue(toml: node)
                if let wrong = check(value) { return SettingFault(node, wrong) }
                root[keyPath: field].set(value, name, of: owner)
                return nil
            } catch {
                return error
            }
        }
        self.write = { ($0[keyPath: field][owner][name] ?? defaultValue).toml }
        self.copy = { $1[keyPath: field].set($0[keyPath: field][owner][name], name, of: owner) }
    }
}
