// SPDX-License-Identifier: Apache-2.0

/// What becomes of a running program when its configuration is to be another one.
package struct ConfigurationChange<Root: Configuration>: Sendable {
    /// One key whose value changes.
    package struct Step: Hashable, Sendable, CustomStringConvertible {
        /// The key's dotted name.
        package let key: String
        /// The value in effect until now, as TOML; nil when it was unset.
        package let old: String?
        /// The value that is wanted, as TOML; nil when it is to be unset.
        package let new: String?

        /// `peer.connections (500 to 300)`
        package var description: String { "\(self.key) (\(self.old ?? "unset") to \(self.new ?? "unset"))" }
    }

    /// What to run with now: live keys as wanted, the others as they are.
    package private(set) var effective: Root
    /// Keys that take their new value now, in the order of the default file.
    package private(set) var applied: [Step] = []
    /// Keys that keep their old value until the program starts again.
    package private(set) var awaitingRestart: [Step] = []

    /// Compares what a program runs with and what its configuration says now.
    package init(from running: Root, to wanted: Root) {
        self.effective = running
        for key in Root.keys {
            let step = Step(key: key.dottedName, old: key.text(in: running), new: key.text(in: wanted))
            guard step.old != step.new else { continue }
            switch key.effect {
            case .live:
                key.copy(wanted, &self.effective)
                self.applied.append(step)
            case .restart: self.awaitingRestart.append(step)
            }
        }
        for (table, field) in Root.optionTables {
            self.takeOptions(of: table, running[keyPath: field].texts, wanted[keyPath: field].texts)
            self.effective[keyPath: field] = wanted[keyPath: field]
        }
    }

    private mutating func takeOptions(of table: String, _ old: [String: String], _ new: [String: String]) {
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            self.applied.append(Step(key: "\(table).\(name)", old: old[name], new: new[name]))
        }
    }
}
