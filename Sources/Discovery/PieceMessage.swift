// SPDX-License-Identifier: Apache-2.0

/// Makes a request about pieces for a connection id and a transaction. Over HTTP it goes without its first eight bytes.
typealias PieceMessage = @Sendable (_ connectionID: UInt64, _ transaction: UInt32) -> [UInt8]
