// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Deflates one block after another, each into a raw stream that stands alone (RFC 1951), with one state that is used
/// again: after the first block nothing is allocated. For one thread at a time; about 260 KiB.
package final class BlockDeflater {
    /// Levels from fastest to smallest.
    package static let levels = 1...9

    /// The level it works at.
    package let level: Int
    // On the heap, because zlib remembers where it lies.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A deflater for one of `levels`. Nil when there is no memory.
    package init?(level: Int) {
        precondition(Self.levels.contains(level), "level \(level)")
        self.level = level
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        let status = deflateInit2_(
            self.stream, Int32(level), Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        guard status == Z_OK else {
            self.stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// Deflates `input` into `output` and tells how many bytes that made; nil when `output` has not room for
    /// one more than that. Both take less than 2 GiB.
    package func deflate(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Int? {
        precondition(input.count <= Int32.max && output.count <= Int32.max, "a block is far shorter")
        guard let source = input.baseAddress, let target = output.baseAddress, deflateReset(self.stream) == Z_OK else {
            return nil
        }
        // zlib only reads from it.
        self.stream.pointee.next_in = UnsafeMutablePointer(mutating: source.assumingMemoryBound(to: UInt8.self))
        self.stream.pointee.avail_in = UInt32(input.count)
        self.stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        self.stream.pointee.avail_out = UInt32(output.count)
        guard CZlib.deflate(self.stream, Z_FINISH) == Z_STREAM_END else { return nil }
        return output.count - Int(self.stream.pointee.avail_out)
    }
}
