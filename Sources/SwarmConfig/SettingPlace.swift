// SPDX-License-Identifier: Apache-2.0

/// Where in a file a value stands.
package struct SettingPlace: Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package let path: String
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int

    /// `path:line`, for people who look it up.
    package var description: String { "\(self.path):\(self.line)" }
}
