// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a configuration.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// Where in it, from 1; 0 when the file itself is the problem.
    package let line: Int
    /// As `line`.
    package let column: Int
    /// What is wrong, and what to write instead.
    package let message: String

    /// `path:line:column: message`, the form that editors follow; without the numbers when the file is the problem.
    package var description: String {
        self.line == 0 ? "\(self.path): \(self.message)" : "\(self.path):\(self.line):\(self.column): \(self.message)"
    }
}
