// SPDX-License-Identifier: Apache-2.0

import Deflate
import NIOCore
import PeerWire

/// Compresses blocks, one at a time, with memory that is used again. For one thread at a time: unchecked because
/// `CompressorPool` lends it to one.
final class BlockCompressor: @unchecked Sendable {
    let level: Int
    private let deflater: BlockDeflater
    private let scratch = UnsafeMutableRawBufferPointer.allocate(
        byteCount: Int(WireLimits.blockLength), alignment: 16)

    init?(level: Int) {
        guard let deflater = BlockDeflater(level: level) else { return nil }
        self.level = level
        self.deflater = deflater
    }

    deinit { self.scratch.deallocate() }

    /// The block as one deflate stream, in memory of just its size; nil when that would not save enough.
    func compress(_ block: ByteBuffer) -> ByteBuffer? {
        let limit = min(CompressionPolicy.limit(for: block.readableBytes), self.scratch.count)
        guard limit > 0 else { return nil }
        let room = UnsafeMutableRawBufferPointer(rebasing: self.scratch[..<limit])
        guard let count = block.withUnsafeReadableBytes({ self.deflater.deflate($0, into: room) }) else { return nil }
        return ByteBuffer(bytes: UnsafeRawBufferPointer(rebasing: room[..<count]))
    }
}
