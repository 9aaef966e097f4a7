// SPDX-License-Identifier: Apache-2.0

/// `[daemon]`: folders, control socket, threads.
package struct DaemonSettings: Hashable, Sendable {
    /// Where the torrent list and progress are kept.
    package var stateDirectory = "/var/lib/swarm"
    /// Where payload goes when nothing else is said.
    package var downloadDirectory = "/var/lib/swarm/downloads"
    /// Where payload is while it is not complete; nil for where it goes anyway.
    package var incompleteDirectory: String?
    /// The Unix socket that swarmctl talks to.
    package var controlSocket = "/run/swarm/swarmd.sock"
    /// The group whose members may change things.
    package var controlGroup = "swarm"
    /// Who else may read.
    package var allowRead = ReadAccess.group
    /// Where strategy plugins are; nil for the installed place, or the program's own folder in development.
    package var pluginDirectory: String?
    /// Event loops; 0 for one a core.
    package var threads = 0

    static var keys: [SettingKey<DaemonConfiguration>] {
        [
            SettingKey(
                "daemon", "state_dir", \.daemon.stateDirectory, .restart, .path,
                help: "Where the torrent list and its progress are kept. One daemon a folder."),
            SettingKey(
                "daemon", "download_dir", \.daemon.downloadDirectory, .live, .path,
                help:
                    "Where payload goes when a torrent is added without a folder. Torrents that are there stay where they"
                    + " are."),
            SettingKey(
                "daemon", "incomplete_dir", optional: \.daemon.incompleteDirectory,
                example: "/var/lib/swarm/incomplete", .live, .path,
                help:
                    "Where the payload of torrents lies that are added from now on, until they are complete; then it is"
                    + " moved to the folder that it was added for. Unset: it lies there from the start."),
            SettingKey(
                "daemon", "control_socket", \.daemon.controlSocket, .restart, .path,
                help: "The Unix socket that swarmctl talks to."),
            SettingKey(
                "daemon", "control_group", \.daemon.controlGroup, .live, .groupName,
                help: "Members of this group, and root, may change things over the control socket."),
            SettingKey(
                "daemon", "allow_read", \.daemon.allowRead, .live,
                help: "Who may look over the control socket without changing anything: the group's members only, or"
                    + " everyone on this machine."),
            SettingKey(
                "daemon", "plugin_dir", optional: \.daemon.pluginDirectory, example: "/usr/lib/swarm/plugins", .restart,
                .path,
                help: "Where strategy plugins are. Unset: the installed place, or the program's own folder when it is"
                    + " not installed."),
            SettingKey(
                "daemon", "threads", \.daemon.threads, .restart, .within(0...256),
                help: "Threads that serve the network; 0 means one a core."),
        ]
    }
}
