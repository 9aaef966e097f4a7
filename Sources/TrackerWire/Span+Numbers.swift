// SPDX-License-Identifier: Apache-2.0

/// Big-endian numbers at an offset, which must lie inside with all their bytes.
extension Span<UInt8> {
    package func number16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: self.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    package func number32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: self.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    package func number64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: self.bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
}
