// SPDX-License-Identifier: Apache-2.0

/// What an engine gave out during one call: pieces of the memory that the call was given, as they lie there, and copies
/// of everything else. Reused from call to call.
package struct LinkChunks {
    /// A run of bytes; of datagrams, one datagram.
    package struct Chunk: BitwiseCopyable, Sendable {
        /// Whether it lies in the memory that the call was given; else in `copies`.
        package let isInPlace: Bool
        /// Where it begins there.
        package let offset: Int
        /// How many bytes it has.
        package var count: Int
    }

    /// In the order they were given out.
    package private(set) var chunks: [Chunk] = []
    /// What lay elsewhere.
    package private(set) var copies: [UInt8] = []
    /// Bytes of all chunks.
    package private(set) var byteCount = 0

    /// Whether nothing was given out.
    package var isEmpty: Bool { self.chunks.isEmpty }

    /// Begins anew.
    package mutating func removeAll() {
        self.chunks.removeAll(keepingCapacity: true)
        self.copies.removeAll(keepingCapacity: true)
        self.byteCount = 0
    }

    /// Adds bytes; runs that follow each other become one when `joins`, as they may on a stream.
    mutating func add(_ bytes: UnsafeRawBufferPointer, within memory: UnsafeRawBufferPointer, joins: Bool) {
        guard let start = bytes.baseAddress, !bytes.isEmpty || !joins else { return }
        self.byteCount += bytes.count
        var chunk = Chunk(isInPlace: false, offset: self.copies.count, count: bytes.count)
        if let base = memory.baseAddress, start >= base, start + bytes.count <= base + memory.count {
            chunk = Chunk(isInPlace: true, offset: start - base, count: bytes.count)
        } else {
            self.copies.append(contentsOf: bytes)
        }
        if joins, let last = self.chunks.last, last.isInPlace == chunk.isInPlace,
            last.offset + last.count == chunk.offset
        {
            self.chunks[self.chunks.count - 1].count += chunk.count
        } else {
            self.chunks.append(chunk)
        }
    }
}
