// SPDX-License-Identifier: Apache-2.0

/// One bit a piece, with the number of set bits kept at hand. In memory 64-bit words, bit `i` of the torrent in bit
/// `i % 64` of word `i / 64`; on the wire most significant bit first (BEP 3).
@usableFromInline
package struct Bitfield: Hashable, Sendable {
    /// Number of bits.
    @usableFromInline
    package let count: Int
    /// Number of bits that are set.
    @usableFromInline
    package private(set) var setCount: Int
    /// The bits, for strategies and bulk operations; bits past `count` are 0.
    @usableFromInline
    package private(set) var words: [UInt64]

    /// `count` bits, all equal to `filled`.
    package init(count: Int, filled: Bool = false) {
        precondition(count >= 0, "a bitfield has no negative size")
        self.count = count
        self.setCount = filled ? count : 0
        self.words = Array(repeating: filled ? UInt64.max : 0, count: (count + 63) / 64)
        if filled { self.clearTail() }
    }

    /// Reads the wire form. Nil unless it has exactly the bytes that `count` bits need and its spare bits are 0.
    package init?(wire bytes: some Collection<UInt8>, count: Int) {
        guard bytes.count == (count + 7) / 8 else { return nil }
        self.init(count: count)
        if bytes.withContiguousStorageIfAvailable({ self.fill($0) }) == nil {
            Array(bytes).withUnsafeBufferPointer { self.fill($0) }
        }
        let spare = count % 64
        if spare != 0, let last = self.words.last, last >> UInt64(spare) != 0 { return nil }
    }

    /// Whether every bit is set. True of an empty bitfield.
    @inlinable
    package var isFull: Bool { self.setCount == self.count }
    /// Whether no bit is set.
    @inlinable
    package var isEmpty: Bool { self.setCount == 0 }

    /// Reads one bit, which must exist.
    @inlinable
    package subscript(piece: PieceIndex) -> Bool {
        precondition(piece.offset < self.count, "bit \(piece) of \(self.count)")
        return self.words[piece.offset >> 6] >> UInt64(piece.offset & 63) & 1 == 1
    }

    /// Takes over what the wire form has. On bytes that lie side by side, whatever collection they came in: asking it for each
    /// would take longer than all the rest.
    private mutating func fill(_ bytes: UnsafeBufferPointer<UInt8>) {
        var set = 0
        for offset in bytes.indices where bytes[offset] != 0 {
            self.words[offset / 8] |= UInt64(bytes[offset].bitReversed) << UInt64(8 * (offset % 8))
            set += bytes[offset].nonzeroBitCount
        }
        self.setCount = set
    }

    /// Sets one bit, which must exist. Returns whether it was clear before.
    @discardableResult
    package mutating func insert(_ piece: PieceIndex) -> Bool {
        guard !self[piece] else { return false }
        self.words[piece.offset >> 6] |= 1 << UInt64(piece.offset & 63)
        self.setCount += 1
        return true
    }

    /// Clears one bit, which must exist. Returns whether it was set before.
    @discardableResult
    package mutating func remove(_ piece: PieceIndex) -> Bool {
        guard self[piece] else { return false }
        self.words[piece.offset >> 6] &= ~(1 << UInt64(piece.offset & 63))
        self.setCount -= 1
        return true
    }

    /// Sets every bit that is set in `other`, which has the same count. Returns how many were clear before.
    @discardableResult
    package mutating func formUnion(_ other: Bitfield) -> Int {
        precondition(self.count == other.count, "bitfields of \(self.count) and \(other.count) bits")
        let before = self.setCount
        for index in self.words.indices {
            self.setCount += (other.words[index] & ~self.words[index]).nonzeroBitCount
            self.words[index] |= other.words[index]
        }
        return self.setCount - before
    }

    /// Whether some bit is set here and clear in `other`, which has the same count.
    @inlinable
    package func hasBitOutside(_ other: Bitfield) -> Bool {
        precondition(self.count == other.count, "bitfields of \(self.count) and \(other.count) bits")
        for index in self.words.indices where self.words[index] & ~other.words[index] != 0 { return true }
        return false
    }

    /// Calls `body` with each set bit, in rising order.
    @inlinable
    package func forEachSet(_ body: (PieceIndex) -> Void) {
        for (index, var word) in self.words.enumerated() {
            while word != 0 {
                body(PieceIndex(index * 64 + word.trailingZeroBitCount))
                word &= word &- 1
            }
        }
    }

    /// The wire form: most significant bit first, spare bits 0.
    package var wire: [UInt8] {
        (0..<(self.count + 7) / 8).map { offset in
            UInt8(truncatingIfNeeded: self.words[offset / 8] >> UInt64(8 * (offset % 8))).bitReversed
        }
    }

    private mutating func clearTail() {
        let spare = self.count % 64
        if spare != 0 { self.words[self.words.count - 1] &= (1 << UInt64(spare)) - 1 }
    }
}

extension UInt8 {
    fileprivate var bitReversed: UInt8 {
        var value = (self & 0xf0) >> 4 | (self & 0x0f) << 4
        value = (value & 0xcc) >> 2 | (value & 0x33) << 2
        return (value & 0xaa) >> 1 | (value & 0x55) << 1
    }
}
