// SPDX-License-Identifier: Apache-2.0

/// A configuration cannot be used. Its description has one line a problem.
package struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    /// Everything that was found, in the order of the files; never empty.
    package let problems: [ConfigurationProblem]

    /// Takes the problems, of which there must be one at least.
    package init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    package var description: String { self.problems.map(\.description).joined(separator: "\n") }
}
