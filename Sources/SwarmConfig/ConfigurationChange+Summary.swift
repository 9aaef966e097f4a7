// SPDX-License-Identifier: Apache-2.0

extension ConfigurationChange {
    /// One line for the log: what changed and what waits, key by key.
    package var summary: String {
        var text = "configuration reloaded"
        text += self.applied.isEmpty ? "; nothing changed" : "; changed: " + Self.list(self.applied)
        if !self.awaitingRestart.isEmpty { text += "; needs a restart: " + Self.list(self.awaitingRestart) }
        return text
    }

    private static func list(_ steps: [Step]) -> String { steps.map(\.description).joined(separator: ", ") }
}
