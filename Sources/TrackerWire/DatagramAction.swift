// SPDX-License-Identifier: Apache-2.0

/// What a datagram between a client and a UDP tracker is about (BEP 15).
package enum DatagramAction: UInt32, Hashable, Sendable {
    /// Asks for a connection id, or gives it.
    case connect = 0
    /// An announce, or its answer.
    case announce = 1
    /// A scrape, or its answer.
    case scrape = 2
    /// Answers only: a text that says why.
    case error = 3
}
