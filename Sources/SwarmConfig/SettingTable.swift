// SPDX-License-Identifier: Apache-2.0

/// The description of one table, for the default file.
package struct SettingTable: Sendable {
    /// Its name, without brackets.
    package let name: String
    /// What it is about, in a sentence.
    package let help: String
}
