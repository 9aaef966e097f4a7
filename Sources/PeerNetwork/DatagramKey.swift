// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// What names a connection over datagrams: the peer's address, and a number that the transport reads from each datagram.
struct DatagramKey: Hashable, Sendable, BitwiseCopyable {
    let peer: PeerEndpoint
    let number: UInt32
}
