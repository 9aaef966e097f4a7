// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// A block in answer to a request, compressed: Swarm's extension message `sw_deflate` (BEP 10; `wire-extensions.md`).
///
/// Three numbers of four bytes, big-endian: piece, begin, and the length of the block as it was asked for. Then one raw
/// deflate stream (RFC 1951) that is shorter than the block; it stands alone, and nothing follows it.
package struct CompressedBlock: Hashable, Sendable, BitwiseCopyable {
    /// Bytes before the deflate stream.
    package static let headLength = 12

    /// The block, as it was asked for.
    package let block: BlockRange
    /// Bytes of its deflate stream.
    package let count: Int

    /// Reads the head of a message's payload; the deflate stream is what follows it. Nil when there is none, or it is not
    /// shorter than the block. The block's numbers are as sent.
    package init?(parsing payload: borrowing RawSpan) {
        guard payload.byteCount > Self.headLength else { return nil }
        self.count = payload.byteCount - Self.headLength
        self.block = BlockRange(
            piece: PieceIndex(Self.number(payload, at: 0)), begin: Self.number(payload, at: 4),
            length: Self.number(payload, at: 8))
        guard self.count < Int(self.block.length), self.block.length <= WireLimits.blockLength else { return nil }
    }

    private static func number(_ bytes: borrowing RawSpan, at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
