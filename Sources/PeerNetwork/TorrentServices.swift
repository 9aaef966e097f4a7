// SPDX-License-Identifier: Apache-2.0

import Logging
import PieceStore
import SwarmModel

/// What all torrents share: one object for as many as there are.
final class TorrentServices: Sendable {
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

    init(
        configuration: PeerNetworkConfiguration, store: PieceStore, registry: TorrentRegistry, bans: BanList,
        datagrams: DatagramNetwork?, limits: LivePeerLimits, budget: ConnectionBudget,
        allowances: (download: SharedAllowance, upload: SharedAllowance), compression: CompressionServices,
        listenPort: UInt16?, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.registry = registry
        self.bans = bans
        self.ways = DialWay.all(configuration.transports)
        self.datagrams = datagrams
        self.limits = limits
        self.budget = budget
        self.downloadAllowance = allowances.download
        self.uploadAllowance = allowances.upload
        self.compression = compression
        self.listenPort = listenPort
        self.logger = logger
    }

    /// How many pieces one torrent may have open: what the buffer memory holds, and never so few that one peer stalls.
    func openPieceLimit(pieceLength: UInt32) -> Int {
        max(2, min(1_024, self.configuration.bufferMemory / Int(max(pieceLength, 1))))
    }
}
