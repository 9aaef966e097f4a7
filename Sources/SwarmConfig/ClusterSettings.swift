// SPDX-License-Identifier: Apache-2.0

/// `[cluster]`: how a tracker works together with others.
package struct ClusterSettings: Hashable, Sendable {
    /// The Redis server where the trackers meet; empty for a tracker of its own.
    package var redis = ""
    /// A file with the server's password; empty for none.
    package var passwordFile = ""
    /// What the names of all keys in Redis begin with.
    package var prefix = "swarm:"
    /// This tracker's name; empty for the machine's.
    package var name = ""
    /// Where peers reach this tracker.
    package var advertise = ""
    /// The lists that are read from Redis.
    package var lists: [String] = []

    static var keys: [SettingKey<TrackerConfiguration>] {
        [
            SettingKey(
                "cluster", "redis", \.cluster.redis, .restart, .redisOrEmpty,
                help:
                    "The Redis server by which several trackers share their torrents and their catalogue: host:port, or the"
                    + " path of its socket. Empty: this tracker is alone, and nothing of this table is used."),
            SettingKey(
                "cluster", "password_file", \.cluster.passwordFile, .restart, .pathOrEmpty,
                help: "A file whose first line is the Redis server's password; empty for none."),
            SettingKey(
                "cluster", "prefix", \.cluster.prefix, .restart, .redisWord,
                help: "What the names of all keys in Redis begin with: another one for each cluster on one server."),
            SettingKey(
                "cluster", "name", \.cluster.name, .restart, .nodeNameOrEmpty,
                help: "This tracker's name in the cluster, another than any other's; empty for the machine's host name."
            ),
            SettingKey(
                "cluster", "advertise", \.cluster.advertise, .restart, .authorityOrEmpty,
                help: "Where peers reach this tracker, as \"tracker1.example.org:6969\". Needed in a cluster."),
            SettingKey(
                "cluster", "lists", \.cluster.lists, .restart,
                .each(.clusterList, "\"allow\", \"deny\" and \"passkeys\""),
                help:
                    "Which lists are read from Redis, beside those in files: \"allow\", \"deny\", \"passkeys\". They are"
                    + " the sets PREFIXallow, PREFIXdeny and PREFIXpasskeys; who changes one increments PREFIXlists."),
        ]
    }

    static var rules: [SettingRule<TrackerConfiguration>] {
        [
            SettingRule(key: "cluster.advertise", against: "cluster.redis") { configuration in
                configuration.cluster.redis.isEmpty || !configuration.cluster.advertise.isEmpty
                    ? nil : "must say where peers reach this tracker when cluster.redis is set"
            }
        ]
    }
}
