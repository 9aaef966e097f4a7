// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension NodeID {
    /// The bits of an address that count: few of its lower ones, so that who has a whole network has few ids.
    private static let v4Mask: [UInt8] = [0x03, 0x0f, 0x3f, 0xff]
    private static let v6Mask: [UInt8] = [0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f, 0xff]

    /// An id that a node at this address may have (BEP 42).
    package init(for address: IPAddress, random: inout SplitMix64) {
        var bytes = NodeID(random: &random).bytes
        let prefix = Self.prefix(of: address, variant: bytes[19])
        bytes[0] = UInt8(truncatingIfNeeded: prefix >> 24)
        bytes[1] = UInt8(truncatingIfNeeded: prefix >> 16)
        bytes[2] = UInt8(truncatingIfNeeded: prefix >> 8) & 0xf8 | bytes[2] & 0x07
        self = NodeID(bytes: bytes) ?? NodeID(random: &random)
    }

    /// Whether a node at this address may have this id (BEP 42). In local networks any will do.
    package func isValid(at address: IPAddress) -> Bool {
        if address.isLocal { return true }
        let prefix = Self.prefix(of: address, variant: self.value[19])
        return self.value.words.high >> 43 == UInt64(prefix) >> 11
    }

    /// What the first 21 bits must be, at the top of 32.
    private static func prefix(of address: IPAddress, variant: UInt8) -> UInt32 {
        let mask = address.isV6 ? Self.v6Mask : Self.v4Mask
        var masked = zip(address.bytes, mask).map { $0 & $1 }
        masked[0] |= (variant & 7) << 5
        return CRC32C.checksum(masked)
    }
}
