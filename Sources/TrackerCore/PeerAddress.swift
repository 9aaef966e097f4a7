// SPDX-License-Identifier: Apache-2.0

/// The address and port of a peer of one family, in as few bytes as they need.
protocol PeerAddress: Equatable, BitwiseCopyable, Sendable {
    /// Appends the packed form of announces (BEP 7, BEP 23).
    func append(to bytes: inout [UInt8])
    /// A number that differs where addresses differ, mixed with `seed`.
    func hash(seed: UInt64) -> UInt32
}

/// IPv4: six bytes.
struct PeerAddressV4: PeerAddress {
    let number: UInt32
    let port: UInt16

    func append(to bytes: inout [UInt8]) {
        let packed = (self.number.bigEndian, self.port.bigEndian)
        withUnsafeBytes(of: packed) { bytes.append(contentsOf: $0.prefix(6)) }
    }

    func hash(seed: UInt64) -> UInt32 {
        PeerHash.mix(seed ^ (UInt64(self.number) << 16 | UInt64(self.port)))
    }
}

/// IPv6: eighteen bytes.
struct PeerAddressV6: PeerAddress {
    let high: UInt64
    let low: UInt64
    let port: UInt16

    func append(to bytes: inout [UInt8]) {
        let packed = (self.high.bigEndian, self.low.bigEndian, self.port.bigEndian)
        withUnsafeBytes(of: packed) { bytes.append(contentsOf: $0.prefix(18)) }
    }

    func hash(seed: UInt64) -> UInt32 {
        let first = PeerHash.mix(seed ^ self.high)
        return PeerHash.mix(seed ^ self.low ^ UInt64(first) << 32 ^ UInt64(self.port))
    }
}
