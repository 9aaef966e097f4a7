// SPDX-License-Identifier: Apache-2.0

/// How much two peers should want to be connected (BEP 40): both come to the same number, and nobody can choose it. With
/// connections kept by it the swarm is connected well, and nobody can push others aside.
package enum CanonicalPriority {
    /// The priority of a connection between two addresses of one family. 0 for different families.
    package static func of(_ one: PeerEndpoint, _ other: PeerEndpoint) -> UInt32 {
        guard one.address.isV6 == other.address.isV6 else { return 0 }
        guard one.address != other.address else {
            let ports = [one.port, other.port].sorted()
            return Self.crc32c(ports.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        }
        let (a, b) = (one.address.bytes, other.address.bytes)
        let mask = one.address.isV6 ? Self.maskV6(a, b) : Self.maskV4(a, b)
        let masked = [a, b].map { bytes in zip(bytes, mask).map { $0 & $1 } }
        let isOrdered = masked[0].lexicographicallyPrecedes(masked[1])
        return Self.crc32c(isOrdered ? masked[0] + masked[1] : masked[1] + masked[0])
    }

    private static func maskV4(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        if a[..<3] == b[..<3] { return [0xFF, 0xFF, 0xFF, 0xFF] }
        return a[..<2] == b[..<2] ? [0xFF, 0xFF, 0xFF, 0x55] : [0xFF, 0xFF, 0x55, 0x55]
    }

    private static func maskV6(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
        let whole = a[..<7] == b[..<7] ? 8 : a[..<6] == b[..<6] ? 7 : 6
        return (0..<16).map { $0 < whole ? 0xFF : 0x55 }
    }

    /// CRC-32C (Castagnoli), bit by bit: a few bytes for each connection.
    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
        return ~crc
    }
}
