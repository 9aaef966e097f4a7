// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What a peer tells of its pieces, but for the pieces themselves, which follow in the encoding that it names.
package struct PieceReport: Hashable, Sendable, BitwiseCopyable {
    /// Bytes before the pieces, head aside.
    package static let length = MappedPeer.length + 22
    /// Most bytes of pieces in a datagram: what any path carries in one packet.
    package static let datagramPayload = 1200
    /// Most pieces of a torrent that are spoken of.
    package static let maximumPieces: UInt32 = 1 << 20

    /// Who speaks.
    package var peer: MappedPeer
    /// Whether these pieces are all that the peer has, rather than more than before.
    package var isWhole: Bool
    /// How the pieces are written.
    package var encoding: PieceEncoding
    /// Grows with each report of a peer; older ones that come late are passed over.
    package var sequence: UInt32
    /// The epoch of the tracker's last answer; 0 begins anew.
    package var epoch: UInt32
    /// How many pieces the torrent has.
    package var pieceCount: UInt32
    /// All pieces told so far, with these.
    package var sum: PieceChecksum

    /// Takes everything as it is.
    package init(
        peer: MappedPeer, isWhole: Bool, encoding: PieceEncoding, sequence: UInt32, epoch: UInt32, pieceCount: UInt32,
        sum: PieceChecksum
    ) {
        self.peer = peer
        self.isWhole = isWhole
        self.encoding = encoding
        self.sequence = sequence
        self.epoch = epoch
        self.pieceCount = pieceCount
        self.sum = sum
    }

    /// Reads what follows the transaction of a request. Nil when it is too short, speaks of no pieces or of more than
    /// `maximumPieces`, or its encoding is one that nobody knows.
    package init?(body: Span<UInt8>) {
        guard body.count >= Self.length else { return nil }
        self.peer = MappedPeer(body)
        let offset = MappedPeer.length
        guard let encoding = PieceEncoding(rawValue: body[offset + 1]) else { return nil }
        self.isWhole = body[offset] & 1 != 0
        self.encoding = encoding
        self.sequence = body.number32(at: offset + 2)
        self.epoch = body.number32(at: offset + 6)
        self.pieceCount = body.number32(at: offset + 10)
        self.sum = PieceChecksum(count: body.number32(at: offset + 14), mixed: body.number32(at: offset + 18))
        guard self.pieceCount > 0, self.pieceCount <= Self.maximumPieces,
            self.sum.count <= self.pieceCount
        else { return nil }
    }

    /// The request as a datagram; over HTTP it goes without its connection id.
    package func datagram(connectionID: UInt64, transaction: UInt32, payload: [UInt8]) -> [UInt8] {
        DatagramWriter.bytes(upTo: DatagramHead.length + Self.length + payload.count) { writer in
            DatagramHead(connectionID: connectionID, pieceAction: .report, transaction: transaction).write(to: &writer)
            self.peer.write(to: &writer)
            writer.append([self.isWhole ? 1 : 0, self.encoding.rawValue])
            writer.append(self.sequence)
            writer.append(self.epoch)
            writer.append(self.pieceCount)
            writer.append(self.sum.count)
            writer.append(self.sum.mixed)
            writer.append(payload)
        }
    }
}
