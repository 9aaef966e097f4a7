// SPDX-License-Identifier: Apache-2.0

package import Deflate
package import PeerTransport
package import SwarmModel

/// The part of the network's configuration that may change while it runs.
package struct PeerLimits: Hashable, Sendable {
    /// Connections at once, over all torrents. A lower number closes none.
    package var connections: Int
    /// Connections at once for one torrent. A lower number closes none.
    package var connectionsPerTorrent: Int
    /// Peers unchoked at once for one torrent, from the next choke round on; nil lets the daemon choose.
    package var uploadSlots: Int?
    /// Requests in flight to one peer at most, and the number that peers may have in flight to us; for connections made
    /// from then on, because a peer is told its number once.
    package var requestQueue: Int
    /// How often newly stored pieces are made durable and recorded.
    package var syncInterval: Interval

    /// Whether connections are encrypted; for those made from then on.
    package var encryption: LinkEncryption
    /// Whether blocks are compressed, where a torrent has no mode of its own.
    package var compression: CompressionMode
    /// How hard: one of `BlockDeflater.levels`.
    package var compressionLevel: Int

    /// The most that all torrents together may move.
    package var caps: TransferCaps

    /// Takes the numbers as they are.
    package init(
        connections: Int, connectionsPerTorrent: Int, uploadSlots: Int?, requestQueue: Int, syncInterval: Interval,
        encryption: LinkEncryption = .allowed, compression: CompressionMode = .auto, compressionLevel: Int = 4,
        caps: TransferCaps = TransferCaps()
    ) {
        self.connections = connections
        self.connectionsPerTorrent = connectionsPerTorrent
        self.uploadSlots = uploadSlots
        self.requestQueue = requestQueue
        self.syncInterval = syncInterval
        self.encryption = encryption
        self.caps = caps
        self.compression = compression
        self.compressionLevel = compressionLevel
    }

    /// What a network begins with.
    init(_ configuration: PeerNetworkConfiguration) {
        self.connections = configuration.maximumConnections
        self.connectionsPerTorrent = configuration.maximumConnectionsPerTorrent
        self.uploadSlots = configuration.uploadSlots
        self.requestQueue = configuration.requestQueue
        self.syncInterval = configuration.syncInterval
        self.encryption = configuration.encryption
        self.caps = configuration.caps
        self.compression = configuration.compression
        self.compressionLevel = configuration.compressionLevel
    }
}
