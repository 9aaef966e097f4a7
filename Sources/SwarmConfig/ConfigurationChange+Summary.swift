// SPDX-License-Identifier: Apache-2.0

extension ConfigurationChange {
    /// What a log says of a reload in one line: what the program does differently from now on. Nil when all that changed
    /// waits for a restart.
    package var summary: String? {
        guard !self.applied.isEmpty || self.awaitingRestart.isEmpty else { return nil }
        return "configuration reloaded; "
            + (self.applied.isEmpty ? "nothing changed" : "changed: " + Self.list(self.applied))
    }

    /// What a log says in a line of its own of what waits for a restart of the systemd unit `unit`; nil when nothing does.
    package func waiting(for unit: String) -> String? {
        guard !self.awaitingRestart.isEmpty else { return nil }
        return "configuration reloaded; needs a restart: \(Self.list(self.awaitingRestart)); until "
            + "`sudo systemctl restart \(unit)` it stays as it was"
    }

    private static func list(_ steps: [Step]) -> String { steps.map(\.description).joined(separator: ", ") }
}
