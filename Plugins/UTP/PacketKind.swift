// SPDX-License-Identifier: Apache-2.0

/// What a packet is for (BEP 29 `type`).
enum PacketKind: UInt8 {
    /// Carries payload.
    case data = 0
    /// The last one of its sender.
    case fin = 1
    /// Acknowledges, and carries nothing.
    case state = 2
    /// The sender knows no such connection.
    case reset = 3
    /// The first one of a connection.
    case syn = 4
}
