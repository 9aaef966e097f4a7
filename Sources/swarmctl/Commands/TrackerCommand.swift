// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `tracker`: looks after a tracker on this machine.
struct TrackerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracker", abstract: "Look after swarm-trackerd on this machine.",
        discussion: """
            Speaks to the tracker's control socket, /run/swarm/trackerd.sock unless --socket or SWARM_SOCKET names another.

            Examples: swarmctl tracker stats; swarmctl tracker ban 192.0.2.7
            """,
        subcommands: [
            TrackerStatsCommand.self, TrackerTorrentsCommand.self, TrackerPeersCommand.self, TrackerBanCommand.self,
            TrackerUnbanCommand.self, TrackerBansCommand.self,
        ])
}

/// `tracker stats`: how the tracker is.
struct TrackerStatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show the tracker in figures.",
        discussion: "Example: swarmctl tracker stats")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try self.options.ofTracker.show(TrackerStats.self, NoFields()) { Report.trackerStats($0) }
    }
}

/// `tracker torrents`: the largest torrents.
struct TrackerTorrentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "torrents", abstract: "List the torrents with the most peers.",
        discussion: "Example: swarmctl tracker torrents --limit 10")

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("At most so many.", valueName: "count"))
    var limit: Int?

    func run() throws {
        try self.options.ofTracker.show(TrackerTorrents.self, TrackerTorrents.Params(limit: self.limit)) {
            Report.trackedTorrents($0, width: Terminal.width())
        }
    }
}

/// `tracker peers`: the peers of a torrent.
struct TrackerPeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "List the peers of torrents as the tracker knows them.",
        usage: "swarmctl tracker peers [--limit COUNT] ID…",
        discussion: "Example: swarmctl tracker peers 3f2a")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash.")
    var ids: [String]

    @Option(help: ArgumentHelp("At most so many of each.", valueName: "count"))
    var limit: Int?

    func run() throws {
        try self.options.ofTracker.look(
            at: self.ids, TrackerPeers.self, params: { TrackerPeers.Params(id: $0, limit: self.limit) },
            words: { Report.trackedPeers($0, width: Terminal.width()) })
    }
}

/// `tracker ban`: refuses an address.
struct TrackerBanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ban", abstract: "Refuse announces from an address or range, over restarts too.",
        discussion: "Example: swarmctl tracker ban 192.0.2.0/24")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "An address, or a range as 10.0.0.0/8.")
    var address: String

    func run() throws {
        try self.options.ofTracker.show(TrackerBan.self, TrackerBan.Params(address: self.address)) { result in
            "banned \(result.address); \(result.removed) address\(result.removed == 1 ? "" : "es") of peers forgotten\n"
        }
    }
}

/// `tracker unban`: lifts a ban.
struct TrackerUnbanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unban", abstract: "Lift a ban.",
        discussion: "Example: swarmctl tracker unban 192.0.2.0/24")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "An address or range, as it was banned.")
    var address: String

    func run() throws {
        try self.options.ofTracker.show(TrackerUnban.self, TrackerUnban.Params(address: self.address)) { result in
            "\(result.address) is banned no more\n"
        }
    }
}

/// `tracker bans`: lists what is banned.
struct TrackerBansCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bans", abstract: "List what is banned.",
        discussion: "Example: swarmctl tracker bans")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try self.options.ofTracker.show(TrackerBans.self, NoFields()) { result in
            result.bans.isEmpty ? "nothing is banned\n" : result.bans.map { $0 + "\n" }.joined()
        }
    }
}
