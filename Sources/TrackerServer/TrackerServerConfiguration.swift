// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import TrackerCore

/// What a tracker is started with.
package struct TrackerServerConfiguration: Sendable {
    /// Where to listen; port 0 takes any free port. An IPv6 address takes IPv6 connections only.
    package var listen = [PeerEndpoint(address: IPAddress(v4: 0), port: 6969)]
    /// The folder of the catalogue; nil keeps it in memory only.
    package var stateDirectory: String?
    /// Event loops, and as many threads for UDP on each address; at least 1.
    package var threads = 1
    /// Whether UDP is answered too, on the same ports.
    package var servesDatagrams = true
    /// How long a connection id given out over UDP is accepted.
    package var connectionIDLifetime = Interval.seconds(600)
    /// What announces are decided by. Its limits are for the whole tracker.
    package var policy = TrackerPolicy()
    /// Connections at a time; further ones are told 503.
    package var maximumConnections = 10_000
    /// A connection that brings no whole request for so long is closed.
    package var idleTimeout = Interval.seconds(60)
    /// Whether a scrape without hashes lists torrents.
    package var allowsFullScrape = false
    /// Most torrents in one full scrape.
    package var fullScrapeLimit = 10_000
    /// Proxies whose `X-Forwarded-For` is believed.
    package var trustedProxies = AddressFilter()
    /// Whether anybody may see the page of all torrents; otherwise neighbours only.
    package var publishesOverview = false
    /// Files that say whom and what is served.
    package var lists = AccessLists()
    /// What the catalogue takes.
    package var catalogue = CatalogueLimits()
    /// The cluster that it is part of; nil for none.
    package var cluster: ClusterConfiguration?

    /// The defaults.
    package init() {}
}
