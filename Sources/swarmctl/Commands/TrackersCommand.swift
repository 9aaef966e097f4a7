// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `trackers`: list the trackers of a torrent.
struct TrackersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trackers", abstract: "List the trackers of a torrent.",
        usage: "swarmctl trackers ID…",
        discussion: "Example: swarmctl trackers release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.look(at: self.ids, TorrentTrackers.self) { result in
            Report.trackers(result.trackers, now: LocalTime.now, width: Terminal.width())
        }
    }
}
