// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `swarmctl`: drives swarmd over its control socket.
struct Swarmctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarmctl",
        abstract: "Drive swarmd: share, fetch and look after torrents.",
        usage: "swarmctl [--socket S] [--json] COMMAND …",
        discussion: """
            --socket S names the daemon's control socket (also SWARM_SOCKET; /run/swarm/swarmd.sock otherwise) and \
            --json prints the daemon's answer as JSON; both may stand before or behind the command. A torrent is named \
            by the first digits of its info-hash (at least 4) or by its name.

            Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 the daemon cannot be reached, \
            4 not complete within --timeout.

            To share a folder and fetch it elsewhere:
              swarmctl share /srv/data/release-42
              swarmctl get release-42 --dir /srv/data --wait
            """,
        subcommands: [
            AddCommand.self, ShareCommand.self, CreateCommand.self, ListCommand.self, ShowCommand.self, WhyCommand.self,
            WatchCommand.self,
            FilesCommand.self, PeersCommand.self, PiecesCommand.self, TrackersCommand.self, StatusCommand.self,
            PauseCommand.self, ResumeCommand.self, RemoveCommand.self, VerifyCommand.self, MoveCommand.self,
            AnnounceCommand.self, LimitCommand.self, PriorityCommand.self, QueueCommand.self, LabelCommand.self,
            SetCommand.self, StrategyCommand.self,
            SearchCommand.self, GetCommand.self, PluginsCommand.self, TrackerCommand.self, EventsCommand.self,
            ConfigCommand.self, VersionCommand.self,
            CompletionCommand.self,
        ])
}
