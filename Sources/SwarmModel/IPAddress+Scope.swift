// SPDX-License-Identifier: Apache-2.0

extension IPAddress {
    /// Whether it means a host of the same site or machine only: private, shared (RFC 6598), link-local, loopback and unique
    /// local addresses (RFC 1918, 3927, 4193, 4291).
    package var isLocal: Bool {
        if self.isLoopback { return true }
        guard self.isV6 else {
            let number = UInt32(truncatingIfNeeded: self.low)
            return number >> 24 == 10 || number >> 20 == 0xac1 || number >> 16 == 0xc0a8 || number >> 16 == 0xa9fe
                || number >> 22 == 0x6440 >> 6
        }
        return self.high >> 54 == 0xfe80 >> 6 || self.high >> 57 == 0xfc >> 1
    }

    /// Whether it can be the address of one host: neither unspecified nor multicast, broadcast or reserved.
    package var isUnicast: Bool {
        guard !self.isUnspecified else { return false }
        guard self.isV6 else {
            let first = UInt32(truncatingIfNeeded: self.low) >> 24
            return first > 0 && first < 224
        }
        return self.high >> 56 != 0xff
    }
}
