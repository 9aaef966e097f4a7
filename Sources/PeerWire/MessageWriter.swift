// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Appends messages to a buffer that its owner sends and reuses (BEP 3, 5, 6, 10). Nothing is allocated while the
/// buffer has room.
package enum MessageWriter {
    /// The head of a PIECE message; the block's bytes follow it on the wire.
    package typealias PieceHeader = InlineArray<13, UInt8>

    /// The head of a compressed block's message; its deflate stream follows it on the wire.
    package typealias CompressedHeader = InlineArray<18, UInt8>

    /// Bytes of a `CompressedHeader`.
    package static let compressedHeaderLength = 18
    /// Bytes of a `PieceHeader`.
    package static let pieceHeaderLength = 13

    /// A message of length zero, to keep the connection open.
    package static func keepAlive(into output: inout [UInt8]) {
        Self.append(Head(repeating: 0), count: 4, to: &output)
    }
    /// We answer no requests from now on.
    package static func choke(into output: inout [UInt8]) { Self.plain(MessageID.choke, into: &output) }
    /// We answer requests from now on.
    package static func unchoke(into output: inout [UInt8]) { Self.plain(MessageID.unchoke, into: &output) }
    /// The peer has something that we want.
    package static func interested(into output: inout [UInt8]) { Self.plain(MessageID.interested, into: &output) }
    /// The peer has nothing that we want.
    package static func notInterested(into output: inout [UInt8]) { Self.plain(MessageID.notInterested, into: &output) }
    /// We have every piece (BEP 6).
    package static func haveAll(into output: inout [UInt8]) { Self.plain(MessageID.haveAll, into: &output) }
    /// We have no piece (BEP 6).
    package static func haveNone(into output: inout [UInt8]) { Self.plain(MessageID.haveNone, into: &output) }

    /// We have one piece more.
    package static func have(_ piece: PieceIndex, into output: inout [UInt8]) {
        Self.onePiece(MessageID.have, piece, into: &output)
    }

    /// The peer might ask for this piece (BEP 6).
    package static func suggest(_ piece: PieceIndex, into output: inout [UInt8]) {
        Self.onePiece(MessageID.suggest, piece, into: &output)
    }

    /// The peer may ask for this piece even while choked (BEP 6).
    package static func allowedFast(_ piece: PieceIndex, into output: inout [UInt8]) {
        Self.onePiece(MessageID.allowedFast, piece, into: &output)
    }

    /// Every piece that we have.
    package static func bitfield(_ pieces: Bitfield, into output: inout [UInt8]) {
        let wire = pieces.wire
        Self.head(MessageID.bitfield, length: UInt32(1 + wire.count), into: &output)
        output.append(contentsOf: wire)
    }

    /// Asks for a block.
    package static func request(_ block: BlockRange, into output: inout [UInt8]) {
        Self.oneBlock(MessageID.request, block, into: &output)
    }

    /// Takes a request back.
    package static func cancel(_ block: BlockRange, into output: inout [UInt8]) {
        Self.oneBlock(MessageID.cancel, block, into: &output)
    }

    /// Refuses a request (BEP 6).
    package static func reject(_ block: BlockRange, into output: inout [UInt8]) {
        Self.oneBlock(MessageID.reject, block, into: &output)
    }

    /// The port of our DHT node (BEP 5).
    package static func port(_ port: UInt16, into output: inout [UInt8]) {
        Self.head(MessageID.port, length: 3, into: &output)
        output.append(UInt8(truncatingIfNeeded: port >> 8))
        output.append(UInt8(truncatingIfNeeded: port))
    }

    /// An extension message (BEP 10): `id` is the receiver's number for it, 0 for the handshake.
    package static func extended(_ id: UInt8, payload: some Collection<UInt8>, into output: inout [UInt8]) {
        Self.head(MessageID.extended, length: UInt32(2 + payload.count), into: &output)
        output.append(id)
        output.append(contentsOf: payload)
    }

    /// The head of a block of at most `WireLimits.blockLength` bytes, in a buffer of its own.
    package static func pieceHeader(_ block: BlockRange) -> PieceHeader {
        var header = PieceHeader(repeating: 0)
        Self.store(9 + block.length, at: 0, in: &header)
        header[4] = MessageID.piece
        Self.store(block.piece.rawValue, at: 5, in: &header)
        Self.store(block.begin, at: 9, in: &header)
        return header
    }

    /// Lends the head of a block of at most `WireLimits.blockLength` bytes to `body`, without an allocation.
    package static func withPieceHeader<Result>(
        _ block: BlockRange, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let header = Self.pieceHeader(block)
        return header.span.bytes.withUnsafeBytes(body)
    }

    /// The head of a block of at most `WireLimits.blockLength` bytes, whose bytes must be sent next.
    package static func piece(_ block: BlockRange, into output: inout [UInt8]) {
        Self.withPieceHeader(block) { output.append(contentsOf: $0) }
    }

    /// The head of a compressed block (`CompressedBlock`) with `count` bytes of deflate, which follow it on the wire; `id` is
    /// the receiver's number for the message.
    package static func compressedHeader(_ block: BlockRange, count: Int, id: UInt8) -> CompressedHeader {
        var header = CompressedHeader(repeating: 0)
        Self.store(UInt32(2 + CompressedBlock.headLength + count), at: 0, in: &header)
        header[4] = MessageID.extended
        header[5] = id
        Self.store(block.piece.rawValue, at: 6, in: &header)
        Self.store(block.begin, at: 10, in: &header)
        Self.store(block.length, at: 14, in: &header)
        return header
    }

    private typealias Head = InlineArray<17, UInt8>

    private static func plain(_ id: UInt8, into output: inout [UInt8]) {
        Self.head(id, length: 1, into: &output)
    }

    private static func onePiece(_ id: UInt8, _ piece: PieceIndex, into output: inout [UInt8]) {
        var head = Head(repeating: 0)
        Self.store(5, at: 0, in: &head)
        head[4] = id
        Self.store(piece.rawValue, at: 5, in: &head)
        Self.append(head, count: 9, to: &output)
    }

    private static func oneBlock(_ id: UInt8, _ block: BlockRange, into output: inout [UInt8]) {
        var head = Head(repeating: 0)
        Self.store(13, at: 0, in: &head)
        head[4] = id
        Self.store(block.piece.rawValue, at: 5, in: &head)
        Self.store(block.begin, at: 9, in: &head)
        Self.store(block.length, at: 13, in: &head)
        Self.append(head, count: 17, to: &output)
    }

    static func head(_ id: UInt8, length: UInt32, into output: inout [UInt8]) {
        var head = Head(repeating: 0)
        Self.store(length, at: 0, in: &head)
        head[4] = id
        Self.append(head, count: 5, to: &output)
    }

    // One append a message: the array is checked and grown once.
    private static func append(_ head: Head, count: Int, to output: inout [UInt8]) {
        head.span.bytes.extracting(first: count).withUnsafeBytes { output.append(contentsOf: $0) }
    }

    @inline(__always)
    private static func store<let count: Int>(
        _ number: UInt32, at offset: Int, in bytes: inout InlineArray<count, UInt8>
    ) {
        bytes[offset] = UInt8(truncatingIfNeeded: number >> 24)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: number >> 16)
        bytes[offset + 2] = UInt8(truncatingIfNeeded: number >> 8)
        bytes[offset + 3] = UInt8(truncatingIfNeeded: number)
    }
}
