// SPDX-License-Identifier: Apache-2.0

/// The cyclic redundancy check of Castagnoli (RFC 3720), by which BEP 42 ties ids to addresses.
enum CRC32C {
    private static let polynomial: UInt32 = 0x82f6_3b78

    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var state = UInt32.max
        for byte in bytes {
            state ^= UInt32(byte)
            for _ in 0..<8 { state = state >> 1 ^ (state & 1 == 1 ? Self.polynomial : 0) }
        }
        return ~state
    }
}
