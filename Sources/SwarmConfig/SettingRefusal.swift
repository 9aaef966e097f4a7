// SPDX-License-Identifier: Apache-2.0

/// Why a value cannot be set: what is wrong, and what to write instead.
package struct SettingRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence, the key's name first.
    package let message: String

    /// What is wrong with the value of `key`.
    package init(_ key: String, _ message: String) {
        self.message = "\(key): \(message)"
    }

    package var description: String { self.message }
}
