// SPDX-License-Identifier: Apache-2.0

public import CSwarmPlugin

/// What carries a transport, and the functions that belong to no connection.
public enum TransportCarrier {
    /// A stream. `recognizes` tells whether first bytes can begin this transport; `torrentName` writes the
    /// `SWARM_HASH_LENGTH` bytes by which its initiators name a torrent, and is nil where they name none.
    case stream(
        recognizes: (UnsafeBufferPointer<UInt8>) -> Bool,
        torrentName: ((_ infoHash: UnsafePointer<UInt8>, _ name: UnsafeMutablePointer<UInt8>) -> Void)?)
    /// Datagrams. `route` fills in where one belongs; false when it is none of this transport's.
    case datagram(route: (_ datagram: UnsafeBufferPointer<UInt8>, _ route: inout swarm_route) -> Bool)
}
