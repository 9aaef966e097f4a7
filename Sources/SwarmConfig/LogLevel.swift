// SPDX-License-Identifier: Apache-2.0

/// How much is logged; each level includes those after it.
package enum LogLevel: String, Hashable, Sendable, CaseIterable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

extension LogLevel: SettingChoice {}
