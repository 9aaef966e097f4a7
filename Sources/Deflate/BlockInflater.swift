// SPDX-License-Identifier: Apache-2.0

import CZlib

/// Inflates one raw deflate stream after another (RFC 1951) into memory of the caller, each under a hard limit, with one
/// state that is used again: after the first stream nothing is allocated. For one thread at a time; about 40 KiB.
package final class BlockInflater {
    // On the heap, because zlib remembers where it lies.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Nil when there is no memory.
    package init?() {
        self.stream = .allocate(capacity: 1)
        self.stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(self.stream, -MAX_WBITS, ZLIB_VERSION, size) == Z_OK else {
            self.stream.deallocate()
            return nil
        }
    }

    deinit {
        inflateEnd(self.stream)
        self.stream.deallocate()
    }

    /// Inflates `input`, which must be one whole stream and nothing else, to exactly `output.count` bytes; nil when that is
    /// what it was. Never writes outside `output`, whose content is undefined after an error. Both take less than 2 GiB.
    package func inflate(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> InflateError? {
        precondition(input.count <= Int32.max && output.count <= Int32.max, "a block is far shorter")
        guard let source = input.baseAddress, let target = output.baseAddress else { return .truncated }
        guard inflateReset(self.stream) == Z_OK else { return .outOfMemory }
        // zlib only reads from it.
        self.stream.pointee.next_in = UnsafeMutablePointer(mutating: source.assumingMemoryBound(to: UInt8.self))
        self.stream.pointee.avail_in = UInt32(input.count)
        self.stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        self.stream.pointee.avail_out = UInt32(output.count)
        // All at once: zlib then keeps no window of its own.
        let status = CZlib.inflate(self.stream, Z_FINISH)
        let unread = Int(self.stream.pointee.avail_in)
        let unwritten = Int(self.stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END where unread > 0: return .trailingBytes(count: unread)
        case Z_STREAM_END: return unwritten == 0 ? nil : .tooShort(count: output.count - unwritten)
        case Z_MEM_ERROR: return .outOfMemory
        case Z_OK, Z_BUF_ERROR: return unwritten == 0 ? .limitExceeded(limit: output.count) : .truncated
        default: return .corrupt(at: input.count - unread)
        }
    }
}
