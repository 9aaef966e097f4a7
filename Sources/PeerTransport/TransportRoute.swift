// SPDX-License-Identifier: Apache-2.0

/// Which connection a datagram belongs to.
package struct TransportRoute: Hashable, Sendable {
    /// Together with the peer's address it names the connection.
    package let key: UInt32
    /// Whether a connection may be made for it when there is none of that key.
    package let opens: Bool
}
