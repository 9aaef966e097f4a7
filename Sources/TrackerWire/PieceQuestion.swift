// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// What a peer asks a tracker about pieces. Only who takes part in the torrent is answered.
package struct PieceQuestion: Hashable, Sendable {
    /// What it wants to know.
    package enum Subject: Hashable, Sendable {
        /// Who has each of these pieces, 1 to `maximumPieces`; up to `wanted` addresses for each.
        case holders([PieceIndex], wanted: UInt16)
        /// How many peers that report have each of up to `count` pieces from `first` on.
        case availability(first: PieceIndex, count: UInt16)
        /// Up to `count` pieces that the fewest have, of those that the asker has not reported. One that has everything is
        /// told of all.
        case rarest(count: UInt16)
        /// The trackers that would look after the torrent if this one were gone.
        case nodes
    }

    /// Most pieces that one question asks the holders of.
    package static let maximumPieces = 16

    /// Who asks.
    package var peer: MappedPeer
    /// What it wants to know.
    package var subject: Subject

    /// A question.
    package init(peer: MappedPeer, subject: Subject) {
        self.peer = peer
        self.subject = subject
    }

    /// Reads what follows the transaction of a request; nil when it makes no sense.
    package init?(_ action: PieceAction, body: Span<UInt8>) {
        let offset = MappedPeer.length
        guard body.count >= offset else { return nil }
        self.peer = MappedPeer(body)
        if action == .nodes {
            guard body.count == offset else { return nil }
            self.subject = .nodes
            return
        }
        guard body.count >= offset + 2 else { return nil }
        let number = body.number16(at: offset)
        switch action {
        case .report, .nodes: return nil
        case .holders:
            let count = (body.count - offset - 2) / 4
            guard count >= 1, count <= Self.maximumPieces, body.count == offset + 2 + count * 4 else { return nil }
            let pieces = (0..<count).map { PieceIndex(body.number32(at: offset + 2 + $0 * 4)) }
            self.subject = .holders(pieces, wanted: number)
        case .availability:
            guard body.count == offset + 6 else { return nil }
            self.subject = .availability(first: PieceIndex(body.number32(at: offset + 2)), count: number)
        case .rarest:
            guard body.count == offset + 2 else { return nil }
            self.subject = .rarest(count: number)
        }
    }

    /// The request as a datagram; over HTTP it goes without its connection id.
    package func datagram(connectionID: UInt64, transaction: UInt32) -> [UInt8] {
        DatagramWriter.bytes { writer in
            DatagramHead(connectionID: connectionID, pieceAction: self.subject.action, transaction: transaction)
                .write(to: &writer)
            self.peer.write(to: &writer)
            switch self.subject {
            case .holders(let pieces, let wanted):
                writer.append(wanted)
                for piece in pieces.prefix(Self.maximumPieces) { writer.append(piece.rawValue) }
            case .availability(let first, let count):
                writer.append(count)
                writer.append(first.rawValue)
            case .rarest(let count): writer.append(count)
            case .nodes: break
            }
        }
    }
}

extension PieceQuestion.Subject {
    /// The number of the request.
    package var action: PieceAction {
        switch self {
        case .holders: .holders
        case .availability: .availability
        case .rarest: .rarest
        case .nodes: .nodes
        }
    }
}
