// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `list`: one line for each torrent.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the torrents.",
        discussion: "Example: swarmctl list --state downloading")

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .customLong("state"),
        help: ArgumentHelp("Only those in this state; may be repeated.", valueName: "state"))
    var states: [TorrentState] = []

    @Argument(help: "Only those whose name contains this.")
    var text: String?

    func run() throws {
        let params = TorrentList.Params(states: self.states.isEmpty ? nil : self.states, text: self.text)
        try self.options.show(TorrentList.self, params) { Report.list($0.torrents, width: Terminal.width()) }
    }
}

extension TorrentState: ExpressibleByArgument {}
