// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `show`: tell everything about a torrent.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Tell everything about a torrent.",
        discussion: "Example: swarmctl show release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    func run() throws {
        try self.options.show(TorrentShow.self, SelectorParams(id: TorrentSelector(self.id))) { result in
            Report.detail(result, time: LocalTime.text)
        }
    }
}
