// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `show`: tell everything about a torrent.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Tell everything about a torrent.",
        usage: "swarmctl show ID…",
        discussion: "Example: swarmctl show release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.look(at: self.ids, TorrentShow.self) { result in
            Report.detail(result, time: LocalTime.text)
        }
    }
}
