// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A running digest (FNV-1a over 64-bit words) by which two runs are compared.
struct Fingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ time: Instant, _ pipe: Int32, _ segment: Segment) {
        self.add(UInt64(bitPattern: time.nanoseconds))
        self.add(UInt64(UInt32(bitPattern: pipe)) << 32 | UInt64(segment.payload) << 1 | (segment.isFalse ? 1 : 0))
        segment.bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset + 8 <= bytes.count {
                self.add(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            while offset < bytes.count {
                self.add(UInt64(bytes[offset]))
                offset += 1
            }
        }
    }

    private mutating func add(_ word: UInt64) { self.value = (self.value ^ word) &* 0x0000_0100_0000_01b3 }
}
