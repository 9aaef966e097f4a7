// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import PeerTransport

/// What every `HandshakeGate` needs of the network.
struct GateServices: Sendable {
    let registry: TorrentRegistry
    let limits: LivePeerLimits
    /// How connections may come, in the operator's order; none for plain TCP alone.
    let transports: [Transport]
    let budget: HandshakeBudget
    /// A peer that has not said which torrent it wants after this long is dropped.
    let patience: TimeAmount
    let logger: Logger
}
