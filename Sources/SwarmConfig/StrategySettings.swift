// SPDX-License-Identifier: Apache-2.0

/// `[strategy]`: which plugins decide.
package struct StrategySettings: Hashable, Sendable {
    /// Decides which pieces are asked for next.
    package var picker = "rarest-first"
    /// Decides who is sent data.
    package var choker = "tit-for-tat"
    /// How peers are reached, best first.
    package var transports = ["tcp", "mse"]
    /// `[strategy.<name>]`: the options of plugins, by plugin.
    package var options = OptionTables()

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "strategy", "picker", \.strategy.picker, .live, .strategyName,
                help:
                    "Decides which pieces are asked for next, of every torrent that has no picker of its own; swarmctl"
                    + " plugins lists what there is."),
            SettingKey(
                "strategy", "choker", \.strategy.choker, .live, .strategyName,
                help: "Decides which peers are sent data, of every torrent that has no choker of its own."),
            SettingKey(
                "strategy", "transports", \.strategy.transports, .restart, .each(.strategyName, "strategies' names"),
                help:
                    "How peers are reached and may reach us, in order of preference: one that does not work for a peer is"
                    + " followed by the next, and what worked is tried first from then on."),
        ]
    }
}
