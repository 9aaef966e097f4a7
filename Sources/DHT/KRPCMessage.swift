// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// One datagram between nodes (BEP 5, "KRPC").
package struct KRPCMessage: Hashable, Sendable {
    /// The three kinds.
    package enum Body: Hashable, Sendable {
        /// Asks something.
        case query(KRPCQuery)
        /// Answers a query.
        case response(KRPCResponse)
        /// Refuses a query.
        case error(KRPCError)
    }

    /// Bytes of a datagram that are read; longer ones are refused.
    package static let maximumLength = 2_048
    /// Bytes of a transaction id that are taken.
    package static let maximumTransactionLength = 32

    /// What an answer must repeat.
    package var transaction: [UInt8]
    /// What is said.
    package var body: Body
    /// The sender is no part of the table and answers no queries (BEP 43).
    package var isReadOnly = false
    /// Where the sender of a response saw the query come from (BEP 42).
    package var requester: PeerEndpoint?

    /// A message without extras.
    package init(transaction: [UInt8], _ body: Body) {
        self.transaction = transaction
        self.body = body
    }
}
