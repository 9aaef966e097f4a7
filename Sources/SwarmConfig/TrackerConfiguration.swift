// SPDX-License-Identifier: Apache-2.0

/// Everything that `swarm-trackerd` reads from its configuration.
package struct TrackerConfiguration: Configuration, Hashable {
    /// `[tracker]`
    package var tracker = TrackerSettings()
    /// `[cluster]`
    package var cluster = ClusterSettings()
    /// `[log]`
    package var log = LogSettings()

    /// Everything at its default.
    package init() {}

    package static var title: String {
        """
        Configuration of swarm-trackerd, the tracker. Every key is shown with its default.
        Files in conf.d/*.toml beside this one are read after it, in name order, and win key by key. They
        may hold tables of swarmd as well, which reads them too.
        Sizes are written as "64 MiB", durations as "5 s".
        Check a change with: swarm-trackerd --check-config. Then: systemctl reload swarm-trackerd.
        The journal says what changed, and what needs a restart.
        """
    }

    package static var tables: [SettingTable] {
        [
            SettingTable(name: "tracker", help: "The tracker: where it listens, what it promises, what it keeps."),
            SettingTable(name: "cluster", help: "Several trackers that work together, by way of a Redis server."),
            SettingTable(name: "log", help: "What is written to the journal."),
        ]
    }

    package static var keys: [SettingKey<TrackerConfiguration>] {
        TrackerSettings.keys + ClusterSettings.keys + LogSettings.keys(level: \.log.level, target: \.log.target)
    }

    package static var neighbourTables: [SettingTable] { DaemonConfiguration.tables }
    package static var neighbourFile: String { "swarmd.toml" }

    package static var rules: [SettingRule<TrackerConfiguration>] {
        [
            SettingRule(key: "tracker.min_interval", against: "tracker.interval") { configuration in
                configuration.tracker.minInterval <= configuration.tracker.interval
                    ? nil : "must not be longer than tracker.interval (\(configuration.tracker.interval.settingText))"
            },
            SettingRule(key: "tracker.peer_timeout", against: "tracker.interval") { configuration in
                configuration.tracker.peerTimeout > configuration.tracker.interval
                    ? nil : "must be longer than tracker.interval (\(configuration.tracker.interval.settingText))"
            },
            SettingRule(key: "tracker.numwant", against: "tracker.numwant_limit") { configuration in
                configuration.tracker.numwant <= configuration.tracker.numwantLimit
                    ? nil : "must not be more than tracker.numwant_limit (\(configuration.tracker.numwantLimit))"
            },
        ] + ClusterSettings.rules
    }
}
