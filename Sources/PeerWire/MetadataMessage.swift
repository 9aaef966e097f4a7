// SPDX-License-Identifier: Apache-2.0

package import Bencode
import SwarmModel

/// One message of the metadata exchange `ut_metadata` (BEP 9): the info dictionary travels in pieces of 16 KiB.
package struct MetadataMessage: Hashable, Sendable {
    /// What is said.
    package enum Kind: Hashable, Sendable {
        /// Asks for a piece.
        case request
        /// Brings a piece, whose bytes follow the message.
        case data
        /// Refuses a piece.
        case reject
        /// Something of a later time, to be ignored.
        case other
    }

    /// Bytes of every piece but the last.
    package static let pieceLength = 16_384

    /// What is said.
    package let kind: Kind
    /// Which piece it is about; never negative.
    package let piece: Int
    /// Bytes of the whole, as told with `data`.
    package var totalSize: Int?
    /// Where in the payload the bytes of the piece begin.
    package private(set) var dataOffset = 0

    /// A message to be sent.
    package init(_ kind: Kind, piece: Int, totalSize: Int? = nil) {
        self.kind = kind
        self.piece = piece
        self.totalSize = totalSize
    }

    /// Reads a message's payload. Throws when it is not bencode; nil when it names no kind or no piece.
    package init?(parsing payload: some Collection<UInt8>) throws(BencodeError) {
        let value = try BencodeValue(prefixOf: payload, limits: .message)
        guard let type = value["msg_type"]?.integer, let number = value["piece"]?.integer, number >= 0,
            let piece = Int(exactly: number)
        else { return nil }
        self.kind =
            switch type {
            case 0: .request
            case 1: .data
            case 2: .reject
            default: .other
            }
        self.piece = piece
        self.totalSize = value["total_size"]?.integer.flatMap { Int(exactly: $0) }
        self.dataOffset = value.range.upperBound
    }

    /// The message's payload; for `data` the bytes of the piece are to follow.
    package var encoded: [UInt8] {
        var fields: [BencodeKey: BencodeTree] = ["piece": .integer(Int64(self.piece))]
        switch self.kind {
        case .request: fields["msg_type"] = 0
        case .data: fields["msg_type"] = 1
        case .reject: fields["msg_type"] = 2
        case .other: fields["msg_type"] = 3
        }
        if let totalSize { fields["total_size"] = .integer(Int64(totalSize)) }
        return BencodeTree.dictionary(fields).encoded
    }

    /// How many pieces `size` bytes have.
    package static func pieceCount(of size: Int) -> Int { (size + Self.pieceLength - 1) / Self.pieceLength }

    /// Where a piece lies in the whole of `size` bytes; nil when there is no such piece.
    package static func range(of piece: Int, size: Int) -> Range<Int>? {
        guard piece >= 0, piece < Self.pieceCount(of: size) else { return nil }
        return piece * Self.pieceLength..<min(size, (piece + 1) * Self.pieceLength)
    }
}
