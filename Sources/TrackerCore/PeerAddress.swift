// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// The address and port of a peer of one family, in as few bytes as they need.
protocol PeerAddress: Equatable, BitwiseCopyable, Sendable {
    /// Bytes of the packed form of announces (BEP 7, BEP 23).
    static var packedLength: Int { get }
    /// Writes the packed form; there is room for `packedLength` bytes.
    func write(to target: UnsafeMutableRawPointer)
    /// What addresses have in common that are one customer's: of IPv6 the network.
    var network: UInt64 { get }
    /// How many peers of a network are as many as one of an address.
    static var peersOfNetwork: Int { get }
    /// A number that differs where addresses differ, mixed with `seed`.
    func hash(seed: UInt64) -> UInt32
    /// Address and port as others know them.
    var endpoint: PeerEndpoint { get }
}

/// IPv4: six bytes.
struct PeerAddressV4: PeerAddress {
    let number: UInt32
    let port: UInt16

    static var packedLength: Int { 6 }
    static var peersOfNetwork: Int { 1 }
    var network: UInt64 { UInt64(self.number) }

    var endpoint: PeerEndpoint { PeerEndpoint(address: IPAddress(v4: self.number), port: self.port) }

    func write(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: self.number.bigEndian, as: UInt32.self)
        target.storeBytes(of: self.port.bigEndian, toByteOffset: 4, as: UInt16.self)
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

    static var packedLength: Int { 18 }
    static var peersOfNetwork: Int { 100 }
    var network: UInt64 { self.high }

    var endpoint: PeerEndpoint {
        PeerEndpoint(address: IPAddress(v6: (high: self.high, low: self.low)), port: self.port)
    }

    func write(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: self.high.bigEndian, as: UInt64.self)
        target.storeBytes(of: self.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        target.storeBytes(of: self.port.bigEndian, toByteOffset: 16, as: UInt16.self)
    }

    func hash(seed: UInt64) -> UInt32 {
        let first = PeerHash.mix(seed ^ self.high)
        return PeerHash.mix(seed ^ self.low ^ UInt64(first) << 32 ^ UInt64(self.port))
    }
}
