// SPDX-License-Identifier: Apache-2.0

/// Everything that `swarmd` reads from its configuration.
package struct DaemonConfiguration: Configuration, Hashable {
    /// `[daemon]`
    package var daemon = DaemonSettings()
    /// `[log]`
    package var log = LogSettings()
    /// `[peer]`
    package var peer = PeerSettings()
    /// `[limits]`
    package var limits = LimitSettings()
    /// `[queue]`
    package var queue = QueueSettings()
    /// `[hook]`
    package var hook = HookSettings()
    /// `[watch]`
    package var watch = WatchSettings()
    /// `[discovery]`
    package var discovery = DiscoverySettings()
    /// `[wire]`
    package var wire = WireSettings()
    /// `[strategy]`
    package var strategy = StrategySettings()
    /// `[store]`
    package var store = StoreSettings()

    /// Everything at its default.
    package init() {}

    package static var title: String {
        """
        Configuration of swarmd, the peer daemon. Every key is shown with its default.
        Files in conf.d/*.toml beside this one are read after it, in name order, and win key by key. They
        may hold tables of swarm-trackerd as well, which reads them too.
        Sizes are written as "64 MiB", durations as "5 s".
        Check a change with: swarmd --check-config. Then: systemctl reload swarmd.
        The journal says what changed, and what needs a restart.
        """
    }

    package static var tables: [SettingTable] {
        [
            SettingTable(name: "daemon", help: "The daemon itself: folders, control socket, threads."),
            SettingTable(name: "log", help: "What is written to the journal."),
            SettingTable(name: "peer", help: "Connections to other peers."),
            SettingTable(
                name: "limits",
                help: "How much may move, over all torrents; swarmctl limit gives a torrent limits of its own."),
            SettingTable(name: "queue", help: "How many torrents take part at once, and when seeding one ends."),
            SettingTable(name: "hook", help: "A command that is run when something happens."),
            SettingTable(
                name: "watch",
                help:
                    "Folders whose .torrent and .magnet files are added. Each has a table of its name, such as"
                    + " [watch.music], with path, the folder, and where wanted dir, where the payload goes, label, what"
                    + " the torrents are marked with (several with commas between), and paused, true or false. A file"
                    + " that was added is called .added afterwards, one that cannot be .refused."),
            SettingTable(name: "discovery", help: "How peers are found."),
            SettingTable(name: "wire", help: "What is negotiated with other Swarm peers."),
            SettingTable(
                name: "strategy",
                help:
                    "Which plugins decide; a torrent may have its own. What can be set of a plugin stands in a table of"
                    + " its name, such as [strategy.rarest-first]; swarmctl plugins NAME tells what there is."),
            SettingTable(name: "store", help: "Piece data on its way to and from the disk."),
        ]
    }

    package static var keys: [SettingKey<DaemonConfiguration>] {
        DaemonSettings.keys + LogSettings.keys(level: \.log.level, target: \.log.target) + PeerSettings.keys
            + LimitSettings.keys + QueueSettings.keys + WatchSettings.keys + HookSettings.keys
            + DiscoverySettings.keys + WireSettings.keys
            + StrategySettings.keys + StoreSettings.keys
    }

    package static var optionTables: [String: any WritableKeyPath<DaemonConfiguration, OptionTables> & Sendable] {
        ["strategy": \.strategy.options, "watch": \.watch.options]
    }

    package var optionComplaints: [(key: String, message: String)] { self.watch.problems }

    package static var neighbourTables: [SettingTable] { TrackerConfiguration.tables }
    package static var neighbourFile: String { "trackerd.toml" }

    package static var rules: [SettingRule<DaemonConfiguration>] {
        [
            SettingRule(key: "peer.connections_per_torrent", against: "peer.connections") { configuration in
                configuration.peer.connectionsPerTorrent <= configuration.peer.connections
                    ? nil : "must not be more than peer.connections (\(configuration.peer.connections))"
            }
        ]
    }
}
