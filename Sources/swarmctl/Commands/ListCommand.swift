// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `list`: one line for each torrent.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the torrents.",
        usage: "swarmctl list [OPTION]… [TEXT]",
        discussion: """
            With --watch the list is drawn again every second, until it is interrupted (Ctrl-C); with --json it is then a \
            line of JSON a second. --limit shows a page of the list, and --after the one behind it; --fields chooses what \
            --json prints of each torrent.

            Examples: swarmctl list --state downloading; swarmctl list --watch
                      swarmctl list --json --fields name,state,progress
            """)

    private static let states = ChoiceArgument.words(of: TorrentState.self)

    @OptionGroup var options: GlobalOptions

    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            "Only those in this state (\(Self.states.joined(separator: ", "))); may be repeated.", valueName: "state"),
        completion: .list(Self.states), transform: ChoiceArgument.read)
    var states: [TorrentState] = []

    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("Only those with this label; may be repeated.", valueName: "label"))
    var labels: [String] = []

    @Flag(help: "Go on, and draw the list again every second.")
    var watch = false

    @Option(help: ArgumentHelp("At most so many.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("Go on behind this torrent: what the page before ended with.", valueName: "info-hash"))
    var after: String?

    @Option(help: ArgumentHelp("With --json, only these fields, separated by commas.", valueName: "names"))
    var fields: String?

    @Argument(help: "Only those whose name contains this.")
    var text: String?

    func validate() throws {
        if let limit = self.limit, limit < 1 { throw ValidationError("--limit must be at least 1") }
        if self.fields != nil, !self.options.json { throw ValidationError("--fields goes with --json") }
    }

    func run() throws {
        let params = TorrentList.Params(
            states: self.states.isEmpty ? nil : self.states, text: self.text,
            labels: self.labels.isEmpty ? nil : self.labels, limit: self.limit, after: self.after,
            fields: self.fields?.split(separator: ",").map { String($0) })
        guard self.watch else {
            return try self.options.show(TorrentList.self, params) { page in
                let more = page.next.map { "there are more: --after \($0)\n" } ?? ""
                return Report.list(page.torrents, width: Terminal.width()) + more
            }
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
