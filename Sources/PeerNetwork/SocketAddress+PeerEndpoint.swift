// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import SwarmModel

extension PeerEndpoint {
    /// The endpoint that a system address names; nil for Unix sockets.
    package init?(_ address: SocketAddress) {
        // Where the address stands in sockaddr_in and sockaddr_in6.
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        let bytes = address.withSockAddr { pointer, size in
            Array(UnsafeRawBufferPointer(start: pointer, count: size)[range])
        }
        guard let host = IPAddress(bytes: bytes), let port = address.port.flatMap({ UInt16(exactly: $0) }) else {
            return nil
        }
        self.init(address: host, port: port)
    }

    /// The system's form of this endpoint.
    package func socketAddress() throws -> SocketAddress {
        try SocketAddress(packedIPAddress: ByteBuffer(bytes: self.address.bytes), port: Int(self.port))
    }
}
