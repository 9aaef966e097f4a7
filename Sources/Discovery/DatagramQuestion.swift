// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import TrackerWire

/// What is asked of a UDP tracker, and how its answer is read.
struct DatagramQuestion<Answer: Hashable & Sendable>: Sendable {
    /// The datagram for a connection id and a transaction.
    let datagram: @Sendable (_ connectionID: UInt64, _ transaction: UInt32) -> [UInt8]
    /// The answer in a datagram with that transaction; nil where it is none.
    let read: @Sendable (Span<UInt8>) -> Answer?
    /// The wait before the first repetition.
    var firstWait = DatagramExchange<Answer>.firstWait
}

extension DatagramQuestion where Answer == AnnounceResponse {
    /// An announce; over IPv6 answers look different.
    init(_ request: AnnounceRequest, urlData: URLData, isV6: Bool) {
        self.init { connectionID, transaction in
            request.datagram(connectionID: connectionID, transaction: transaction, urlData: urlData)
        } read: { datagram in
            guard case .announced(let response)? = DatagramReply(datagram: datagram, isV6: isV6) else { return nil }
            return response
        }
    }
}

extension DatagramQuestion where Answer == PieceAnswer {
    /// A report or a question about pieces. It is repeated sooner than an announce: what it says grows old.
    init(_ message: @escaping PieceMessage, isV6: Bool) {
        self.init(datagram: message) { datagram in
            switch PieceAnswer(datagram: datagram, isV6: isV6) {
            case .reported(let answer)?: .reported(answer)
            case .holders(let epoch, let entries)?: .holders(epoch: epoch, entries)
            case .availability(let answer)?: .availability(answer)
            case .rarest(let epoch, let seeds, let pieces)?: .rarest(epoch: epoch, seeds: seeds, pieces)
            case .moved(let trackers)?: .moved(trackers)
            case .nodes(let trackers)?: .nodes(trackers)
            case .refused?, nil: nil
            }
        }
        self.firstWait = .seconds(2)
    }
}
