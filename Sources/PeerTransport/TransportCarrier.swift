// SPDX-License-Identifier: Apache-2.0

/// What carries a transport. Raw values are those of the plugin ABI.
package enum TransportCarrier: UInt32, Sendable {
    /// An ordered, reliable stream: TCP, or the plain bytes of a transport over datagrams.
    case stream = 1
    /// UDP datagrams between two addresses.
    case datagram = 2
}
