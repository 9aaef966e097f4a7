// SPDX-License-Identifier: Apache-2.0

import Discovery
import Logging
import NIOCore
import PeerNetwork
import PieceStore
import StateStore
import SwarmConfig

/// What the daemon is made of, for those that use more than one part.
struct DaemonServices: Sendable {
    let running: RunningConfiguration
    let state: StateStore
    let store: PieceStore
    let mounts: MountTable
    let network: PeerNetwork
    let strategies: StrategyLibrary
    let announcer: Announcer
    let pieceMaps: PieceMapClient
    /// Our node of the distributed hash table; nil where it is turned off.
    let hashTable: HashTable?
    /// Peers of the local network; nil where that is turned off.
    let localDiscovery: LocalDiscovery?
    /// What asks the router for ports; nil where that is turned off.
    let portMapper: PortMapper?
    /// What fetches from web seeds; nil where that is turned off.
    let webSeeds: RangeFetcher?
    let catalogues: Catalogues
    let group: any EventLoopGroup
    let logger: Logger

    /// The configuration in effect at this moment.
    var configuration: DaemonConfiguration { self.running.current }
}
