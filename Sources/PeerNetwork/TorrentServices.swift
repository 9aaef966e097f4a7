// SPDX-License-Identifier: Apache-2.0

import Logging
import PieceStore
import SwarmModel

/// What all torrents share.
struct TorrentServices: Sendable {
    let configuration: PeerNetworkConfiguration
    let store: PieceStore
    let registry: TorrentRegistry
    let bans: BanList
    /// How peers are dialled, best first; never empty.
    let ways: [DialWay]
    /// Connections over datagrams; nil where no transport is configured that has them.
    let datagrams: DatagramNetwork?
    let limits: LivePeerLimits
    let budget: ConnectionBudget
    let downloadAllowance: SharedAllowance
    let uploadAllowance: SharedAllowance
    let compression: CompressionServices
    let listenPort: UInt16?
    let logger: Logger

    /// How many pieces one torrent may have open: what the buffer memory holds, and never so few that one peer stalls.
    func openPieceLimit(pieceLength: UInt32) -> Int {
        max(2, min(1_024, self.configuration.bufferMemory / Int(max(pieceLength, 1))))
    }
}
