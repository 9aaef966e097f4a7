// SPDX-License-Identifier: Apache-2.0

/// Why a datagram is no message.
package enum KRPCFault: Error, Hashable, Sendable {
    /// Not bencoded, too long, or not of the shape of any message: not answered.
    case garbage
    /// A query whose question or arguments are not as they must be: its transaction, and what to answer.
    case refused(transaction: [UInt8], KRPCError)
}
