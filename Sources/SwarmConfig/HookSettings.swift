// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// `[hook]`: a command that is run when something happens.
package struct HookSettings: Hashable, Sendable {
    /// The program; nil for none.
    package var command: String?
    /// Kinds of events that it is run for.
    package var events = ["torrent-finished"]
    /// How long one run may take.
    package var timeout = Interval.seconds(60)
    /// Runs at the same time.
    package var atOnce = 1

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "hook", "command", optional: \.hook.command, example: "/usr/local/bin/on-torrent", .live, .path,
                help:
                    "A program that is run when something happens, without a shell, as the user of the daemon and within"
                    + " its sandbox. Its argument is the kind of the event; the environment has what the journal says of"
                    + " it, as SWARM_EVENT, SWARM_MESSAGE, SWARM_TORRENT (the info-hash), SWARM_TORRENT_NAME and"
                    + " SWARM_STORE_PATH. What it prints goes to the journal."),
            SettingKey(
                "hook", "events", \.hook.events, .live,
                help:
                    "The kinds of events that it is run for, as swarmctl events names them: \"torrent-finished\","
                    + " \"torrent-added\", \"torrent-moved\"."),
            SettingKey(
                "hook", "timeout", \.hook.timeout, .live, .within(.seconds(1) ... .seconds(86_400)),
                help: "How long one run may take before it is killed, with all that it has started."),
            SettingKey(
                "hook", "at_once", \.hook.atOnce, .live, .within(1...16),
                help: "How many runs may go on at the same time; with 1 they come in the order of the events."),
        ]
    }
}
