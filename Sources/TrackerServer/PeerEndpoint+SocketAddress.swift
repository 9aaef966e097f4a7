// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SwarmModel

extension PeerEndpoint {
    /// Nil for Unix sockets.
    init?(_ address: SocketAddress) {
        // Where the address stands in sockaddr_in and sockaddr_in6.
        let range: Range<Int>
        switch address {
        case .v4: range = 4..<8
        case .v6: range = 8..<24
        case .unixDomainSocket: return nil
        }
        let bytes = address.withSockAddr { Array(UnsafeRawBufferPointer(start: $0, count: $1)[range]) }
        let port = UInt16(clamping: address.port ?? 0)
        guard let address = IPAddress(bytes: bytes) else { return nil }
        self.init(address: address, port: port)
    }
}
