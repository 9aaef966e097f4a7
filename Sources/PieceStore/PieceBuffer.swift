// SPDX-License-Identifier: Apache-2.0

/// Memory for one piece, page-aligned, from the store's pool; goes back there with its last reference.
///
/// The owner (the torrent's loop) writes into it; once it is handed to `TorrentStorage.complete`, it must not be written
/// again.
package final class PieceBuffer: @unchecked Sendable {
    /// Bytes asked for.
    package let length: Int
    private let memory: PageMemory
    private let pool: PieceBufferPool

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
}
