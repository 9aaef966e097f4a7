// SPDX-License-Identifier: Apache-2.0

/// Where the log goes.
package enum LogTarget: String, Hashable, Sendable, CaseIterable {
    /// To the journal when standard error leads there, as it does for a service; else to standard error.
    case auto
    /// To the journal, as records with fields.
    case journal
    /// To standard error, as lines.
    case stderr
}

extension LogTarget: SettingChoice {}
