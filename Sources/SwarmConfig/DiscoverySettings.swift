// SPDX-License-Identifier: Apache-2.0

/// `[discovery]`: how peers are found.
package struct DiscoverySettings: Hashable, Sendable {
    /// The distributed hash table.
    package var dht = true
    /// Where the hash table is begun from while few of its nodes are known: `host:port`.
    package var dhtBootstrap = ["dht.libtorrent.org:25401", "dht.transmissionbt.com:6881"]
    /// Use the hash table, but do not serve it (BEP 43).
    package var dhtReadOnly = false
    /// Multicast on the local network.
    package var local = true
    /// Ask the router for a port.
    package var portMapping = true
    /// Ask web servers that torrents name.
    package var webSeeds = true
    /// Announce URLs for what is shared, searched and fetched without naming a tracker.
    package var tracker: [String] = []

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "discovery", "dht", \.discovery.dht, .restart,
                help: "Find peers through the distributed hash table. Not for private torrents."),
            SettingKey(
                "discovery", "dht_bootstrap", \.discovery.dhtBootstrap, .restart, .each(.nodePlace, "places of nodes"),
                help: "Nodes from which the hash table is joined while few others are known, as"
                    + " \"router.example:6881\". Torrents may name more."),
            SettingKey(
                "discovery", "dht_read_only", \.discovery.dhtReadOnly, .restart,
                help: "Ask the hash table, but answer nobody: for machines that cannot be reached from outside or have"
                    + " no bandwidth to spare."),
            SettingKey(
                "discovery", "local", \.discovery.local, .restart,
                help: "Find peers on the local network by multicast. Not for private torrents."),
            SettingKey(
                "discovery", "port_mapping", \.discovery.portMapping, .restart,
                help: "Ask the router to forward the peer port (UPnP, NAT-PMP)."),
            SettingKey(
                "discovery", "web_seeds", \.discovery.webSeeds, .restart,
                help: "Fetch from the web servers that a torrent names (BEP 19), besides peers. Never from this machine"
                    + " itself; on the local network only where the URL has no query."),
            SettingKey(
                "discovery", "tracker", \.discovery.tracker, .live, .each(.trackerURL, "announce URLs"),
                help: "Announce URLs of the trackers that share, search and get use, as"
                    + " \"http://tracker.example:6969/announce\"."),
        ]
    }
}
