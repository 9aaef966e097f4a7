// SPDX-License-Identifier: Apache-2.0

import Crypto
import Synchronization

/// Memory for one piece, page-aligned, from the store's pool; goes back there with its last reference.
///
/// The owner (the torrent's loop) writes into it; once a part is announced to `TorrentStorage.hashPrefix` or the whole
/// handed to `TorrentStorage.complete`, that part must not be written again.
package final class PieceBuffer: @unchecked Sendable {
    /// How far the SHA-1 has come.
    private struct Progress: @unchecked Sendable {
        var hasher = Insecure.SHA1()
        var hashed = 0
    }

    /// Bytes asked for.
    package let length: Int
    private let memory: PageMemory
    private let pool: PieceBufferPool
    // Hash jobs of one buffer may run on two threads; whoever comes second finds its part done.
    private let progress = Mutex(Progress())

    init(length: Int, memory: PageMemory, pool: PieceBufferPool) {
        self.length = length
        self.memory = memory
        self.pool = pool
    }

    deinit { self.pool.giveBack(self.memory) }

    /// Copies bytes in; they must fit.
    package func copy(from bytes: UnsafeRawBufferPointer, at offset: Int) {
        precondition(offset >= 0 && bytes.count <= self.length - offset, "block outside its piece")
        guard let source = bytes.baseAddress else { return }
        (self.memory.base + offset).copyMemory(from: source, byteCount: bytes.count)
    }

    /// Lends the memory for writing, `length` bytes. Old content of an earlier piece may be in it.
    package func withUnsafeMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeMutableRawBufferPointer(start: self.memory.base, count: self.length))
    }

    /// Lends the memory for reading, `length` bytes.
    package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(start: self.memory.base, count: self.length))
    }

    /// Hashes on from where hashing stands up to `end`. Returns how many bytes that were.
    func hash(upTo end: Int) -> Int {
        self.progress.withLock { progress in
            let end = min(end, self.length)
            guard end > progress.hashed else { return 0 }
            let part = UnsafeRawBufferPointer(start: self.memory.base + progress.hashed, count: end - progress.hashed)
            progress.hasher.update(bufferPointer: part)
            progress.hashed = end
            return part.count
        }
    }

    /// The SHA-1 of the whole; hashing must have reached the end. May be asked again.
    func digest() -> Insecure.SHA1Digest {
        self.progress.withLock { progress in
            precondition(progress.hashed == self.length, "hash asked for too early")
            return progress.hasher.finalize()
        }
    }
}
