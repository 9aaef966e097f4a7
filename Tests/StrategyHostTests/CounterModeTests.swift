// SPDX-License-Identifier: Apache-2.0

import CAES
import SwarmModel
import Testing

/// AES with the processor's instructions, against the vectors of its standards and an implementation that shares nothing
/// with it.
@Suite struct CounterModeTests {
    private static let key: [UInt8] = [
        0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
    ]

    private static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private static func applied(_ key: [UInt8], to bytes: [UInt8], at position: Int, slice: Int) -> [UInt8] {
        var (schedule, bytes) = (caes_key(), bytes)
        caes_expand(&schedule, key)
        bytes.withUnsafeMutableBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            for offset in stride(from: 0, to: bytes.count, by: slice) {
                caes_apply(&schedule, UInt64(position + offset), start + offset, min(slice, bytes.count - offset))
            }
        }
        return bytes
    }

    @Test func `the reference cipher is AES`() {
        // NIST SP 800-38A, F.1.1, its first block, and FIPS 197, C.1.
        let block: [UInt8] = [
            0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
        ]
        let expected: [UInt8] = [
            0x3a, 0xd7, 0x7b, 0xb4, 0x0d, 0x7a, 0x36, 0x60, 0xa8, 0x9e, 0xca, 0xf3, 0x24, 0x66, 0xef, 0x97,
        ]
        #expect(ReferenceBlockCipher(key: Self.key).encrypted(block) == expected)
        let counted = ReferenceBlockCipher(key: (0..<16).map { $0 }).encrypted((0..<16).map { $0 << 4 | $0 })
        let known: [UInt8] = [
            0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a,
        ]
        #expect(counted == known)
    }

    @Test(.enabled(if: caes_available() != 0), arguments: [1, 2, 15, 16, 17, 127, 128, 129, 1_000, 5_000])
    func `a stream is the same however it is cut, and the reference's`(_ slice: Int) {
        let plain = Self.bytes(5_000, seed: 3)
        for seed in UInt64(1)...3 {
            let key = Self.bytes(16, seed: seed)
            var reference = ReferenceBlockCipher(key: key)
            #expect(Self.applied(key, to: plain, at: 0, slice: slice) == reference.applied(to: plain))
        }
    }

    @Test(.enabled(if: caes_available() != 0))
    func `the counter goes on beyond four bytes`() {
        // Two blocks, on either side of block 2^32, and from the middle of the first on.
        let first = UInt64(UInt32.max)
        let reference = ReferenceBlockCipher(key: Self.key)
        let expected = [first, first + 1].flatMap { number in
            reference.encrypted(
                (0..<16).map { $0 < 8 ? 0 : UInt8(truncatingIfNeeded: number >> UInt64(8 * (15 - $0))) })
        }
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(Self.applied(Self.key, to: zeros, at: Int(first) * 16, slice: 32) == expected)
        let part = Self.applied(Self.key, to: Array(zeros[7...]), at: Int(first) * 16 + 7, slice: 25)
        #expect(part == Array(expected[7...]))
    }
}
