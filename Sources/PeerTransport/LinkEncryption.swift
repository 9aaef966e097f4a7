// SPDX-License-Identifier: Apache-2.0

/// The operator's word on encryption. Raw values are those of the plugin ABI.
package enum LinkEncryption: UInt32, Sendable, CaseIterable {
    /// Never.
    case disabled = 0
    /// Where the peer wants it.
    case allowed = 1
    /// Always: no payload in the clear.
    case required = 2
}
