// SPDX-License-Identifier: Apache-2.0

/// Tells how the tracker is.
package enum TrackerStats: ControlMethod {
    /// The name on the wire.
    package static let name = "tracker.stats"
    /// What the caller must be allowed to do.
    package static let access = ControlAccess.read

    /// What goes in.
    package typealias Params = NoFields

    /// What comes out.
    package struct Result: ControlObject {
        /// The version of swarm-trackerd.
        package var version: String
        /// Seconds since it started.
        package var uptime: Int
        /// Torrents that somebody takes part in.
        package var torrents: Int
        /// Peers in all of them, seeds included.
        package var peers: Int
        /// Peers that have everything.
        package var seeds: Int
        /// Announces since the start.
        package var announces: Int
        /// Scrapes since the start.
        package var scrapes: Int
        /// Announces and scrapes that were refused, since the start.
        package var refusals: Int
        /// Peers that report their pieces.
        package var reporters: Int
        /// Bytes of piece maps.
        package var mapBytes: Int
        /// Addresses and ranges that are banned.
        package var bans: Int
        /// The trackers of the cluster that are alive; absent without a cluster.
        package var nodes: [String]?
        /// Whether Redis answers; absent without a cluster.
        package var isConnected: Bool?

        /// The fields, spelt as on the wire.
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case version
            case uptime
            case torrents
            case peers
            case seeds
            case announces
            case scrapes
            case refusals
            case reporters
            case mapBytes = "map_bytes"
            case bans
            case nodes
            case isConnected = "connected"
        }

        /// Takes the fields as they are.
        package init(
            version: String, uptime: Int, torrents: Int, peers: Int, seeds: Int, announces: Int, scrapes: Int,
            refusals: Int, reporters: Int, mapBytes: Int, bans: Int, nodes: [String]? = nil, isConnected: Bool? = nil
        ) {
            self.version = version
            self.uptime = uptime
            self.torrents = torrents
            self.peers = peers
            self.seeds = seeds
            self.announces = announces
            self.scrapes = scrapes
            self.refusals = refusals
            self.reporters = reporters
            self.mapBytes = mapBytes
            self.bans = bans
            self.nodes = nodes
            self.isConnected = isConnected
        }
    }
}
