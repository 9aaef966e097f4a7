// SPDX-License-Identifier: Apache-2.0

extension DatagramHead {
    /// The datagram that asks for a connection id.
    package static func connect(transaction: UInt32) -> [UInt8] {
        DatagramWriter.bytes { writer in
            DatagramHead(connectionID: Self.protocolID, action: .connect, transaction: transaction).write(to: &writer)
        }
    }
}
