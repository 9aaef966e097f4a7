// SPDX-License-Identifier: Apache-2.0

/// The sixteen bytes that every request to a UDP tracker begins with (BEP 15).
package struct DatagramHead: Hashable, Sendable, BitwiseCopyable {
    /// Bytes of a head.
    package static let length = 16
    /// What stands in the place of a connection id while there is none.
    package static let protocolID: UInt64 = 0x417_2710_1980

    /// Proves that the sender gets what is sent to its address.
    package var connectionID: UInt64
    /// The number of a `DatagramAction`, or one that nobody knows.
    package var action: UInt32
    /// Repeated in the answer.
    package var transaction: UInt32

    /// The head of a request.
    package init(connectionID: UInt64, action: DatagramAction, transaction: UInt32) {
        self.connectionID = connectionID
        self.action = action.rawValue
        self.transaction = transaction
    }

    /// As above, of a request about the piece map.
    package init(connectionID: UInt64, pieceAction: PieceAction, transaction: UInt32) {
        self.connectionID = connectionID
        self.action = pieceAction.rawValue
        self.transaction = transaction
    }

    /// Reads the head of a datagram; nil when it is too short for one.
    package init?(datagram: Span<UInt8>) {
        guard datagram.count >= Self.length else { return nil }
        self.connectionID = datagram.number64(at: 0)
        self.action = datagram.number32(at: 8)
        self.transaction = datagram.number32(at: 12)
    }

    func write(to writer: inout DatagramWriter) {
        writer.append(self.connectionID)
        writer.append(self.action)
        writer.append(self.transaction)
    }
}
