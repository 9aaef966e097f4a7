// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Memory that runs of bytes are encoded in on their way out, used again once the network has taken what was in it.
///
/// A run is too large for the heap to keep at hand: made anew each time, its pages would be asked of the kernel and cleared
/// for every run. Confined to the torrent's loop and shared by its links.
final class RunBuffers {
    /// Bytes of a run; smaller ones are not worth keeping.
    static let run = 128 << 10
    /// Buffers that are kept at most; more are in flight when many peers are served at once.
    private static let kept = 8

    private let allocator = ByteBufferAllocator()
    private var buffers: [ByteBuffer] = []
    /// Nothing was taken since the last rest.
    private var isIdle = true

    /// How many are kept.
    var count: Int { self.buffers.count }

    /// An empty buffer for `count` bytes that nobody else holds. Give it back with `keep` when it is filled.
    func take(_ count: Int) -> ByteBuffer {
        guard count >= Self.run / 2 else { return self.allocator.buffer(capacity: count) }
        self.isIdle = false
        for index in self.buffers.indices.reversed() {
            let fits = self.buffers[index].modifyIfUniquelyOwned { buffer in
                buffer.clear()
                return buffer.capacity >= count
            }
            if fits == true { return self.buffers.remove(at: index) }
        }
        return self.allocator.buffer(capacity: max(count, Self.run))
    }

    /// Keeps a buffer's memory for when nobody looks at its bytes any more; they stay as they are until then.
    func keep(_ buffer: ByteBuffer) {
        guard buffer.capacity >= Self.run, self.buffers.count < Self.kept else { return }
        self.buffers.append(buffer)
    }

    /// Gives the memory back if none was used since the last rest.
    func rest() {
        if self.isIdle { self.empty() }
        self.isIdle = true
    }

    /// Gives the memory back.
    func empty() {
        self.buffers = []
    }
}
