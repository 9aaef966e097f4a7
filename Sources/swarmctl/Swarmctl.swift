// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `swarmctl`: drives swarmd over its control socket.
struct Swarmctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarmctl",
        abstract: "Drive swarmd: share, fetch and look after torrents.",
        usage: "swarmctl [--socket S] [--json] COMMAND …",
        discussion: """
            To share a folder, and fetch it on another machine:
              swarmctl share /srv/data/release-42
              swarmctl get release-42 --dir /srv/data --wait

            An ID is the name of a torrent, or the first digits of its info-hash (at least 4). --json prints the \
            daemon's answer for programs. --socket S names the daemon's control socket; otherwise it is the one in \
            SWARM_SOCKET, or /run/swarm/swarmd.sock. Both may stand before or behind the command.

            Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the daemon cannot be reached, \
            4 not complete within --timeout.
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Sharing and fetching",
                subcommands: [
                    ShareCommand.self, SearchCommand.self, GetCommand.self, AddCommand.self, CreateCommand.self,
                ]),
            CommandGroup(
                name: "Looking",
                subcommands: [
                    ListCommand.self, WatchCommand.self, ShowCommand.self, WhyCommand.self, FilesCommand.self,
                    PeersCommand.self, PiecesCommand.self, TrackersCommand.self, StatusCommand.self, EventsCommand.self,
                ]),
            CommandGroup(
                name: "Steering",
                subcommands: [
                    PauseCommand.self, ResumeCommand.self, LimitCommand.self, PriorityCommand.self, QueueCommand.self,
                    LabelCommand.self, AnnounceCommand.self, VerifyCommand.self, MoveCommand.self, SetCommand.self,
                    RemoveCommand.self,
                ]),
            CommandGroup(
                name: "Other",
                subcommands: [
                    ConfigCommand.self, StrategyCommand.self, PluginsCommand.self, TrackerCommand.self,
                    VersionCommand.self, CompletionCommand.self,
                ]),
        ])
}
