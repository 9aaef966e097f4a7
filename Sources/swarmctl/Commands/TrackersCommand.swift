// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `trackers`: list the trackers of a torrent.
struct TrackersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trackers", abstract: "List the trackers of a torrent.",
        discussion: "Example: swarmctl trackers release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    func run() throws {
        try self.options.show(TorrentTrackers.self, SelectorParams(id: TorrentSelector(self.id))) { result in
            Report.trackers(result.trackers, now: LocalTime.now, width: Terminal.width())
        }
    }
}
