// SPDX-License-Identifier: Apache-2.0

/// Where a peer listens: an IPv4 or IPv6 address and a port. Nineteen bytes in line, no system types.
package struct PeerEndpoint: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The address.
    package let address: IPAddress
    /// The port in host order; 0 is not reachable.
    package let port: UInt16

    /// Pairs an address with a port.
    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads `1.2.3.4:80` or `[::1]:80`; nil for anything else. Names are not looked up.
    package init?(_ text: some StringProtocol) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
            text[text.index(after: colon)...].first != "+"
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard let address = IPAddress(host), address.isV6 else { return nil }
            self.init(address: address, port: port)
        } else {
            guard let address = IPAddress(host), !address.isV6 else { return nil }
            self.init(address: address, port: port)
        }
    }

    /// The compact form of trackers and PEX: 4 or 16 address bytes, then the port, big endian (BEP 23, BEP 7).
    package var compact: [UInt8] {
        self.address.bytes + [UInt8(truncatingIfNeeded: self.port >> 8), UInt8(truncatingIfNeeded: self.port)]
    }

    /// Reads the compact form: 6 bytes for v4, 18 for v6; nil for any other count.
    package init?(compact bytes: some Collection<UInt8>) {
        guard bytes.count == 6 || bytes.count == 18, let address = IPAddress(bytes: bytes.dropLast(2)) else {
            return nil
        }
        let port = bytes.suffix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        self.init(address: address, port: port)
    }

    package var description: String {
        self.address.isV6 ? "[\(self.address)]:\(self.port)" : "\(self.address):\(self.port)"
    }
}
