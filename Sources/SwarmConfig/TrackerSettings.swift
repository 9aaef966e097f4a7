// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[tracker]`: where it listens, what it promises, what it keeps.
package struct TrackerSettings: Hashable, Sendable {
    /// Where announces arrive.
    package var listen = [PeerEndpoint(address: .anyV4, port: 6969), PeerEndpoint(address: .anyV6, port: 6969)]
    /// Where the catalogue is kept.
    package var stateDirectory = "/var/lib/swarm/tracker"
    /// The Unix socket for questions about the tracker.
    package var controlSocket = "/run/swarm/trackerd.sock"
    /// The group whose members may change things.
    package var controlGroup = "swarm"
    /// Event loops, and threads for UDP on each address; 0 for one a core.
    package var threads = 0
    /// Whether UDP is answered.
    package var udp = true
    /// How long a connection id of UDP is accepted.
    package var connectionIDTimeout = Interval.seconds(600)
    /// How often peers are told to announce.
    package var interval = Interval.seconds(1_800)
    /// How soon they may announce again on their own account.
    package var minInterval = Interval.seconds(30)
    /// How long a peer that has fallen silent is handed out.
    package var peerTimeout = Interval.seconds(2_700)
    /// Peers handed out when the announce does not say how many.
    package var numwant = 50
    /// Peers handed out at most.
    package var numwantLimit = 200
    /// Peers that one address may register in a torrent; 0 for any number.
    package var torrentPeersPerAddress = 1_000
    /// Peers that one address may register in all torrents; 0 for any number.
    package var peersPerAddress = 100_000
    /// Whether anybody may see the page of torrents.
    package var publicOverview = false
    /// Open HTTP connections.
    package var connections = 10_000
    /// How long a silent HTTP connection is kept.
    package var idleTimeout = Interval.seconds(60)
    /// Proxies whose word on addresses is taken, as ranges.
    package var trustedProxies: [String] = []
    /// A file of the only torrents that are served; empty for none.
    package var allowList = ""
    /// A file of torrents that are not served; empty for none.
    package var denyList = ""
    /// A file of passkeys, without one of which nobody is served; empty for none.
    package var passkeys = ""
    /// Torrents in the catalogue.
    package var catalogueEntries = 100_000
    /// Size of one torrent file in the catalogue.
    package var catalogueMetainfo = ByteCount.mebibytes(16)
    /// Rows in one answer to a search.
    package var catalogueResults = 200

    static var keys: [SettingKey<TrackerConfiguration>] {
        Self.placeKeys + Self.announceKeys + Self.datagramKeys + Self.accessKeys + Self.limitKeys
    }

    private static var placeKeys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "tracker", "listen", \.tracker.listen, .restart,
                help: "Addresses and ports where announces arrive, over HTTP and UDP. IPv6 in brackets."),
            SettingKey(
                "tracker", "state_dir", \.tracker.stateDirectory, .restart, .path, help: "Where the catalogue is kept."),
            SettingKey(
                "tracker", "control_socket", \.tracker.controlSocket, .restart, .path,
                help: "The Unix socket for questions about the tracker."),
            SettingKey(
                "tracker", "control_group", \.tracker.controlGroup, .restart, .groupName,
                help: "Members of this group, and root, may use the control socket."),
            SettingKey(
                "tracker", "threads", \.tracker.threads, .restart, .within(0...256),
                help: "Threads that serve HTTP, and as many that serve UDP on each address; 0 means one a core."),
            SettingKey(
                "tracker", "udp", \.tracker.udp, .restart,
                help: "Whether UDP is answered too, on the same addresses and ports."),
        ]
    }

    private static var announceKeys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "tracker", "interval", \.tracker.interval, .live, .within(.seconds(1) ... .seconds(86_400)),
                help: "How often peers are told to announce; from its next announce each keeps to it."),
            SettingKey(
                "tracker", "min_interval", \.tracker.minInterval, .live, .within(.seconds(1) ... .seconds(86_400)),
                help: "How soon a peer that wants more peers may announce again. Short, so that whoever comes early"
                    + " soon sees the swarm that forms a minute later."),
            SettingKey(
                "tracker", "peer_timeout", \.tracker.peerTimeout, .live, .within(.seconds(2) ... .seconds(259_200)),
                help: "How long a peer that has fallen silent is still handed out, counted from its last announce."),
            SettingKey(
                "tracker", "numwant", \.tracker.numwant, .live, .within(0...10_000),
                help: "Peers handed out when an announce does not say how many it wants."),
            SettingKey(
                "tracker", "numwant_limit", \.tracker.numwantLimit, .live, .within(1...10_000),
                help: "Peers handed out at most."),
        ]
    }

    private static var datagramKeys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "tracker", "connection_id_timeout", \.tracker.connectionIDTimeout, .live,
                .within(.seconds(120) ... .seconds(86_400)),
                help: "How long a client may go on with the connection id that it got over UDP. Two minutes is what the"
                    + " protocol asks for; some clients keep theirs for longer, and would fail.")
        ]
    }

    private static var accessKeys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "tracker", "trusted_proxies", \.tracker.trustedProxies, .live,
                .each(.addressRange, "addresses and ranges"),
                help: "Proxies in front of HTTP that say in X-Forwarded-For whom they were asked by, such as"
                    + " [\"10.0.0.0/8\"]. The right-most address there that is not one of them is the peer's."),
            SettingKey(
                "tracker", "allow_list", \.tracker.allowList, .live, .pathOrEmpty,
                help: "A file of info-hashes, one a line: only these torrents are served. A reload reads it again."),
            SettingKey(
                "tracker", "deny_list", \.tracker.denyList, .live, .pathOrEmpty,
                help: "A file of info-hashes, one a line: these torrents are not served. A reload reads it again."),
            SettingKey(
                "tracker", "passkeys", \.tracker.passkeys, .live, .pathOrEmpty,
                help: "A file of passkeys, one a line: only who has one of them in its announce URL is served, as"
                    + " http://host:6969/KEY/announce, udp://host:6969/KEY/announce or /announce?passkey=KEY."
                    + " A reload reads it again."),
            SettingKey(
                "tracker", "public_overview", \.tracker.publicOverview, .live,
                help: "Whether anybody may see the page that lists all torrents. Otherwise only this machine and"
                    + " private networks may."),
        ]
    }

    private static var limitKeys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "tracker", "connections", \.tracker.connections, .live, .within(1...1_000_000),
                help: "HTTP connections open at the same time; more are turned away. A lower number closes none."),
            SettingKey(
                "tracker", "torrent_peers_per_address", \.tracker.torrentPeersPerAddress, .live,
                .within(0...1_000_000),
                help: "Peers that one address may register in a torrent, about; a network of IPv6 (/64) a hundred times"
                    + " as many. 0 means any number. Many may share an address behind NAT. This machine itself is not"
                    + " limited."),
            SettingKey(
                "tracker", "peers_per_address", \.tracker.peersPerAddress, .live, .within(0...100_000_000),
                help: "The same for all torrents together."),
            SettingKey(
                "tracker", "idle_timeout", \.tracker.idleTimeout, .live, .within(.seconds(1) ... .seconds(3_600)),
                help: "How long an HTTP connection without a request is kept. For connections made from then on."),
            SettingKey(
                "tracker", "catalogue_entries", \.tracker.catalogueEntries, .restart, .within(0...10_000_000),
                help: "Torrents that the catalogue holds; 0 turns it off."),
            SettingKey(
                "tracker", "catalogue_metainfo", \.tracker.catalogueMetainfo, .live,
                .within(.kibibytes(64) ... .gibibytes(1)),
                help: "Size of the largest torrent file that the catalogue takes."),
            SettingKey(
                "tracker", "catalogue_results", \.tracker.catalogueResults, .live, .within(1...10_000),
                help: "Rows in one answer to a search."),
        ]
    }
}
