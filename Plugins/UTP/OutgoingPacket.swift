// SPDX-License-Identifier: Apache-2.0

/// A packet that was or will be sent and is not acknowledged with all before it.
struct OutgoingPacket {
    enum Stage: UInt8 {
        /// Never sent.
        case waiting
        /// Sent, and counted as under way.
        case inFlight
        /// Taken for lost: to be sent again.
        case lost
        /// Acknowledged while one before it is not.
        case acknowledged
    }

    /// Room for the header, then the payload; nil where there is no payload, or once it is acknowledged.
    var bytes: UnsafeMutablePointer<UInt8>?
    /// Bytes of payload that fit.
    var room: Int32 = 0
    /// Bytes of payload.
    var count: Int32 = 0
    /// When it was sent last.
    var sentAt: Int64 = 0
    var timesSent: UInt32 = 0
    /// Bytes of the datagram when it was made longer to try the path; else 0.
    var probeSize: UInt32 = 0
    var kind: PacketKind
    var stage = Stage.waiting
}
