// SPDX-License-Identifier: Apache-2.0

/// Who began a connection. Raw values are those of the plugin ABI.
package enum LinkRole: UInt32, Sendable {
    /// We did.
    case initiator = 0
    /// The peer did.
    case responder = 1
}
