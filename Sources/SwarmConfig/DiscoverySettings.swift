// SPDX-License-Identifier: Apache-2.0

/// `[discovery]`: how peers are found.
package struct DiscoverySettings: Hashable, Sendable {
    /// The distributed hash table.
    package var dht = true
    /// Multicast on the local network.
    package var local = true
    /// Ask the router for a port.
    package var portMapping = true
    /// Announce URLs for what is shared, searched and fetched without naming a tracker.
    package var tracker: [String] = []

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "discovery", "dht", \.discovery.dht, .restart,
                help: "Find peers through the distributed hash table. Not for private torrents."),
            SettingKey(
                "discovery", "local", \.discovery.local, .restart,
                help: "Find peers on the local network by multicast. Not for private torrents."),
            SettingKey(
                "discovery", "port_mapping", \.discovery.portMapping, .restart,
                help: "Ask the router to forward the peer port (UPnP, NAT-PMP)."),
            SettingKey(
                "discovery", "tracker", \.discovery.tracker, .live, .each(.trackerURL, "announce URLs"),
                help: "Announce URLs of the trackers that share, search and get use, as"
                    + " \"http://tracker.example:6969/announce\"."),
        ]
    }
}
