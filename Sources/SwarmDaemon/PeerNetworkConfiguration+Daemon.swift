// SPDX-License-Identifier: Apache-2.0

import PeerNetwork
import PieceStore
import SwarmConfig

extension PeerNetworkConfiguration {
    /// What the operator wrote, in the network's terms.
    init(_ configuration: DaemonConfiguration, identity: DaemonIdentity) {
        self.init(
            listen: configuration.peer.listen, peerID: identity.peerID,
            clientName: "Swarm \(DaemonIdentity.version)")
        self.maximumConnections = configuration.peer.connections
        self.maximumConnectionsPerTorrent = configuration.peer.connectionsPerTorrent
        self.uploadSlots = configuration.peer.uploadSlots == 0 ? nil : configuration.peer.uploadSlots
        self.requestQueue = configuration.peer.requestQueue
        self.syncInterval = configuration.store.syncInterval
        self.bufferMemory = configuration.store.bufferMemory.bytes
        self.readCachePerTorrent = configuration.store.readCache.bytes
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
