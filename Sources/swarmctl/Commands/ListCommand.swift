// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `list`: one line for each torrent.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the torrents.",
        discussion: """
            With --watch the list is drawn again every second, until it is interrupted (Ctrl-C); with --json it is then a \
            line of JSON a second.

            Examples: swarmctl list --state downloading; swarmctl list --watch
            """)

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .customLong("state"),
        help: ArgumentHelp("Only those in this state; may be repeated.", valueName: "state"))
    var states: [TorrentState] = []

    @Flag(help: "Go on, and draw the list again every second.")
    var watch = false

    @Argument(help: "Only those whose name contains this.")
    var text: String?

    func run() throws {
        let params = TorrentList.Params(states: self.states.isEmpty ? nil : self.states, text: self.text)
        guard self.watch else {
            return try self.options.show(TorrentList.self, params) { Report.list($0.torrents, width: Terminal.width()) }
        }
        let client = try self.options.connect()
        if self.options.json {
            while true {
                Output.line(try client.callForText(TorrentList.self, params))
                usleep(1_000_000)
            }
        }
        var view = LiveView()
        try view.run { () throws(Failure) in
            Report.list(try client.call(TorrentList.self, params).torrents, width: Terminal.width())
        }
    }
}

extension TorrentState: ExpressibleByArgument {}
