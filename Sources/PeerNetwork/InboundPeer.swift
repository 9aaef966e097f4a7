// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// An inbound connection whose torrent is known, on its way to that torrent's loop.
///
/// Unchecked because of the engine: the gate lets go of it when it hands this over.
struct InboundPeer: @unchecked Sendable {
    /// What moves its bytes.
    enum Carrier {
        /// A TCP socket; whoever has this closes it.
        case socket(CInt)
        /// Datagrams.
        case datagrams(DatagramStream)
    }

    /// What moves its bytes; whoever has this ends it.
    let carrier: Carrier
    /// The other end.
    let endpoint: PeerEndpoint
    /// The torrent's name that it used.
    let name: InfoHash
    /// Whether it would rather use the v2 name (BEP 52).
    let offersV2: Bool
    /// How the peer reached us.
    let way: DialWay
    /// What lies above the carrier; nil for plain bytes.
    let engine: TransportInstance?
    /// What the engine has to say and nobody has sent.
    let unsent: ByteBuffer
    /// Plain bytes that came.
    let plain: ByteBuffer
}
