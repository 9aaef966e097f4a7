// SPDX-License-Identifier: Apache-2.0

import NIOCore
import PeerTransport
import SwarmModel

/// An inbound connection whose torrent is known, on its way to that torrent's loop.
///
/// Unchecked because of the engine: the gate lets go of it when it hands this over.
struct InboundPeer: @unchecked Sendable {
    /// The socket; whoever has this closes it.
    let descriptor: CInt
    /// The other end.
    let endpoint: PeerEndpoint
    /// How the peer reached us.
    let way: DialWay
    /// What lies above the socket; nil for plain bytes.
    let engine: TransportInstance?
    /// What the engine has to say and nobody has sent.
    let unsent: ByteBuffer
    /// Plain bytes that came.
    let plain: ByteBuffer
}
