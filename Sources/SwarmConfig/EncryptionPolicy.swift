// SPDX-License-Identifier: Apache-2.0

/// Whether peer connections are encrypted.
package enum EncryptionPolicy: String, Hashable, Sendable, CaseIterable {
    case disabled
    case allowed
    case required
}

extension EncryptionPolicy: SettingChoice {}
