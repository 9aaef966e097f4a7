// SPDX-License-Identifier: Apache-2.0

import Deflate
import PeerNetwork
import PeerTransport
import PieceStore
import SwarmConfig

extension PeerNetworkConfiguration {
    /// What the operator wrote, in the network's terms.
    init(_ configuration: DaemonConfiguration, identity: DaemonIdentity, transports: [Transport] = []) {
        self.init(
            listen: configuration.peer.listen, peerID: identity.peerID,
            clientName: "Swarm \(DaemonIdentity.version)")
        let limits = PeerLimits(configuration)
        self.transports = transports
        self.encryption = limits.encryption
        self.maximumConnections = limits.connections
        self.maximumConnectionsPerTorrent = limits.connectionsPerTorrent
        self.uploadSlots = limits.uploadSlots
        self.requestQueue = limits.requestQueue
        self.syncInterval = limits.syncInterval
        self.caps = limits.caps
        self.bufferMemory = configuration.store.bufferMemory.bytes
        self.readCachePerTorrent = configuration.store.readCache.bytes
        self.compression = limits.compression
        self.compressionLevel = limits.compressionLevel
        self.compressionCache = configuration.wire.compressionCache.bytes
    }
}

extension PeerLimits {
    /// What of it may change while the daemon runs.
    init(_ configuration: DaemonConfiguration) {
        self.init(
            connections: configuration.peer.connections,
            connectionsPerTorrent: configuration.peer.connectionsPerTorrent,
            uploadSlots: configuration.peer.uploadSlots == 0 ? nil : configuration.peer.uploadSlots,
            requestQueue: configuration.peer.requestQueue, syncInterval: configuration.store.syncInterval,
            encryption: LinkEncryption(configuration.peer.encryption),
            compression: CompressionMode(configuration.wire.compression),
            compressionLevel: configuration.wire.compressionLevel,
            caps: configuration.limits.caps(at: WallClock.weekTime))
    }
}

extension CompressionMode {
    /// What the operator wrote.
    init(_ policy: SwarmConfig.CompressionPolicy) {
        switch policy {
        case .auto: self = .auto
        case .always: self = .always
        case .never: self = .never
        }
    }
}

extension PieceStore.Settings {
    /// What the operator wrote, in the store's terms.
    init(_ settings: StoreSettings) {
        self.init()
        self.bufferBudget = settings.bufferMemory.bytes
        self.blockCacheBudget = settings.readCache.bytes
    }
}
