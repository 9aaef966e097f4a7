// SPDX-License-Identifier: Apache-2.0

/// What a kind of event means, for operators.
package struct EventExplanation: Hashable, Sendable {
    /// One line: what happened.
    package let subject: String
    /// What it means and what to do; `@FIELD@` stands for a field of the record.
    package let text: String

    init(_ subject: String, _ text: String) {
        self.subject = subject
        self.text = text
    }
}
