// SPDX-License-Identifier: Apache-2.0

/// Reads LEB128 numbers off a span, which each call is given again.
struct PieceNumberReader {
    private(set) var position = 0

    /// The next number; nil where there is none, or one that does not fit 32 bits.
    mutating func next(_ bytes: Span<UInt8>) -> UInt32? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            guard self.position < bytes.count else { return nil }
            let byte = bytes[self.position]
            self.position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return UInt32(exactly: value) }
        }
        return nil
    }

    /// Reads gaps up to the end of the bytes; false where they lead to `end` or beyond.
    mutating func readGaps(_ bytes: Span<UInt8>, from start: UInt32, to end: UInt32, _ body: (UInt32) -> Void) -> Bool {
        var position = UInt64(start)
        while self.position < bytes.count {
            guard let gap = self.next(bytes) else { return false }
            position += UInt64(gap)
            guard position < UInt64(end) else { return false }
            body(UInt32(position))
            position += 1
        }
        return true
    }
}
