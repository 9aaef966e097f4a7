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

    /// Compares what a program runs with and what its configuration says now. Options of plugins take effect at once, but for
    /// those in `restartOptions`, by their dotted names.
    package init(from running: Root, to wanted: Root, restartOptions: Set<String> = []) {
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
            self.effective[keyPath: field] = self.takeOptions(
                of: table, running[keyPath: field], wanted[keyPath: field], restartOptions)
        }
    }

    /// Returns the options to run with now.
    private mutating func takeOptions(
        of table: String, _ running: OptionTables, _ wanted: OptionTables, _ restartOptions: Set<String>
    ) -> OptionTables {
        let (old, new) = (running.texts, wanted.texts)
        var effective = wanted
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            let step = Step(key: "\(table).\(name)", old: old[name], new: new[name])
            guard restartOptions.contains(step.key) else {
                self.applied.append(step)
                continue
            }
            self.awaitingRestart.append(step)
            // Neither name has a dot in it.
            let parts = name.split(separator: ".").map(String.init)
            guard parts.count == 2 else { continue }
            effective.set(running[parts[0]][parts[1]], parts[1], of: parts[0])
        }
        return effective
    }
}
