// SPDX-License-Identifier: Apache-2.0

import CZlib

/// One run of zlib's inflater from a buffer into a buffer.
struct InflateStream {
    private var stream = z_stream()
    private(set) var written = 0

    /// Inflates until the stream ends, the output is full (`truncated`) or something is wrong; returns what is wrong. zlib counts in 32 bits, so both
    /// buffers are handed over in slices.
    mutating func run(
        from input: UnsafeMutableBufferPointer<UInt8>, to output: UnsafeMutableBufferPointer<UInt8>,
        windowBits: Int32
    ) -> InflateError? {
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&self.stream, windowBits, ZLIB_VERSION, size) == Z_OK else { return .outOfMemory }
        defer { inflateEnd(&self.stream) }
        var read = 0
        while true {
            let given = min(input.count - read, Int(Int32.max))
            let room = min(output.count - self.written, Int(Int32.max))
            self.stream.next_in = input.baseAddress.map { $0 + read }
            self.stream.avail_in = UInt32(given)
            self.stream.next_out = output.baseAddress.map { $0 + self.written }
            self.stream.avail_out = UInt32(room)
            let status = inflate(&self.stream, Z_NO_FLUSH)
            let progress = (given - Int(self.stream.avail_in)) + (room - Int(self.stream.avail_out))
            read += given - Int(self.stream.avail_in)
            self.written += room - Int(self.stream.avail_out)
            switch status {
            case Z_STREAM_END: return read == input.count ? nil : .trailingBytes(count: input.count - read)
            case Z_MEM_ERROR: return .outOfMemory
            case Z_OK where progress > 0: continue
            case Z_OK, Z_BUF_ERROR: return .truncated
            default: return .corrupt(at: read)
            }
        }
    }
}
