// SPDX-License-Identifier: Apache-2.0

/// Memory through which a file is hashed: small enough to stay in a core's cache between reading and hashing.
enum HashWindow {
    /// Bytes. Larger windows measured slower: they leave the second-level cache.
    static let length = 256 << 10

    /// Lends a window. The allocation is cheap next to what passes through it, and no thread keeps memory while idle.
    static func withMemory<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.length, alignment: PageMemory.pageSize)
        defer { memory.deallocate() }
        return try body(memory)
    }
}
