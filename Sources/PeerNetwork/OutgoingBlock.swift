// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerWire
import SwarmModel

/// A block on its way to a connection: its bytes, or its deflate stream.
struct OutgoingBlock {
    let block: BlockRange
    let bytes: ByteBuffer
    let isCompressed: Bool

    /// Bytes of the head that goes before it.
    var headLength: Int { self.isCompressed ? MessageWriter.compressedHeaderLength : MessageWriter.pieceHeaderLength }
}

extension ByteBuffer {
    /// Writes the head of a block's message; `deflateID` is the peer's number for compressed ones.
    mutating func writeHead(of block: OutgoingBlock, deflateID: UInt8) {
        if block.isCompressed {
            let head = MessageWriter.compressedHeader(block.block, count: block.bytes.readableBytes, id: deflateID)
            self.write(head.span.bytes)
        } else {
            let head = MessageWriter.pieceHeader(block.block)
            self.write(head.span.bytes)
        }
    }

    private mutating func write(_ bytes: borrowing RawSpan) {
        _ = bytes.withUnsafeBytes { self.writeBytes($0) }
    }
}
