// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwarmConfig
import SwarmModel
import TrackerCore
import TrackerServer

extension TrackerServerConfiguration {
    /// What `[tracker]` says.
    init(_ settings: TrackerSettings) {
        self.init()
        self.listen = settings.listen
        self.stateDirectory = settings.stateDirectory
        self.threads = settings.threads > 0 ? settings.threads : max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
        self.servesDatagrams = settings.udp
        self.connectionIDLifetime = settings.connectionIDTimeout
        self.trustedProxies = AddressFilter(text: settings.trustedProxies.joined(separator: "\n").utf8)
        self.lists.allowed = settings.allowList.isEmpty ? nil : settings.allowList
        self.lists.denied = settings.denyList.isEmpty ? nil : settings.denyList
        self.lists.passkeys = settings.passkeys.isEmpty ? nil : settings.passkeys
        self.maximumConnections = settings.connections
        self.idleTimeout = settings.idleTimeout
        self.policy.interval = settings.interval
        self.policy.minimumInterval = settings.minInterval
        self.policy.lifetime = settings.peerTimeout
        self.policy.defaultWanted = settings.numwant
        self.policy.maximumWanted = settings.numwantLimit
        self.policy.torrentPeersPerAddress = settings.torrentPeersPerAddress
        self.policy.peersPerAddress = settings.peersPerAddress
        self.publishesOverview = settings.publicOverview
        self.catalogue.entries = settings.catalogueEntries
        self.catalogue.metainfoBytes = Int(clamping: settings.catalogueMetainfo.bytes)
        self.catalogue.rows = settings.catalogueResults
    }
}
