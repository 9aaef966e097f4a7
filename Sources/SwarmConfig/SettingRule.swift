// SPDX-License-Identifier: Apache-2.0

/// A condition on several settings together.
package struct SettingRule<Root: Sendable>: Sendable {
    /// The key the complaint is about, as `table.name`.
    let key: String
    /// The key that it is compared with: the place to look at when the other one is not in any file.
    let against: String
    /// The complaint, or nil when the settings agree.
    let complaint: @Sendable (Root) -> String?
}
