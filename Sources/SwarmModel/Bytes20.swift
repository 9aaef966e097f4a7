// SPDX-License-Identifier: Apache-2.0

/// Twenty bytes held in line: the shape of SHA-1 digests and peer ids. No heap allocation, cheap to hash and compare.
package struct Bytes20: Hashable, Sendable, BitwiseCopyable {
    private var high: UInt64
    private var middle: UInt64
    private var low: UInt32

    /// All zero.
    package init() {
        self.high = 0
        self.middle = 0
        self.low = 0
    }

    /// Takes the bytes as three numbers: the first eight, the next eight and the last four, each in wire order.
    package init(high: UInt64, middle: UInt64, low: UInt32) {
        self.high = high
        self.middle = middle
        self.low = low
    }

    /// Takes exactly twenty bytes in wire order; nil for any other count.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 20 else { return nil }
        self.init()
        for (offset, byte) in bytes.enumerated() {
            switch offset {
            case 0..<8: self.high = self.high << 8 | UInt64(byte)
            case 8..<16: self.middle = self.middle << 8 | UInt64(byte)
            default: self.low = self.low << 8 | UInt32(byte)
            }
        }
    }

    /// The bytes as three numbers, as `init(high:middle:low:)` takes them.
    package var words: (high: UInt64, middle: UInt64, low: UInt32) { (self.high, self.middle, self.low) }

    /// The bytes in wire order.
    package var bytes: [UInt8] {
        (0..<20).map { self[$0] }
    }

    /// The byte at `offset`, 0 to 19, in wire order.
    package subscript(offset: Int) -> UInt8 {
        precondition(offset >= 0 && offset < 20, "offset \(offset) is outside twenty bytes")
        if offset < 8 { return UInt8(truncatingIfNeeded: self.high >> UInt64(56 - 8 * offset)) }
        if offset < 16 { return UInt8(truncatingIfNeeded: self.middle >> UInt64(56 - 8 * (offset - 8))) }
        return UInt8(truncatingIfNeeded: self.low >> UInt32(24 - 8 * (offset - 16)))
    }
}
