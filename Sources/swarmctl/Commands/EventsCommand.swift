// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// `events`: tell what happens.
struct EventsCommand: ParsableCommand {
    private static let pause: useconds_t = 1_000_000

    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Tell what happens, as it happens.",
        usage: "swarmctl events [OPTION]…",
        discussion: """
            One line for each event, until it is interrupted (Ctrl-C). Every event has a cursor, which --json shows; \
            --since goes on behind one, also after the daemon was started again, and --since start begins with the \
            oldest event that is kept. With --retry a daemon that goes away is waited for, and nothing is missed or told \
            twice.

            Examples: swarmctl events --torrent release-42
                      swarmctl events --json --retry --since start --kind torrent-finished
            """)

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("Go on behind this cursor; start for all that is kept.", valueName: "cursor"))
    var since: String?

    @Option(
        name: .customLong("kind"),
        help: ArgumentHelp("Only events of this kind; may be repeated.", valueName: "kind"))
    var kinds: [String] = []

    @Option(help: ArgumentHelp("Only events of this torrent.", valueName: "id"), completion: NameCompletion.torrents)
    var torrent: String?

    @Option(help: ArgumentHelp("Leave after so many events.", valueName: "n"))
    var count: Int?

    @Flag(help: "Wait for a daemon that goes away, and go on where it ended.")
    var retry = false

    func validate() throws {
        if let count = self.count, count < 1 { throw ValidationError("--count must be at least 1") }
    }

    func run() throws {
        var params = EventsSubscribe.Params(
            since: self.since, events: self.kinds.isEmpty ? nil : self.kinds,
            id: self.torrent.map { TorrentSelector($0) })
        var left = self.count ?? Int.max
        while true {
            do throws(Failure) {
                return try self.follow(&params, &left)
            } catch {
                guard self.retry, case .unreachable(let reason) = error else { throw error }
                Output.complain("swarmctl: \(Printable.clean(reason)); waiting for it\n")
                usleep(Self.pause)
            }
        }
    }

    private func follow(_ params: inout EventsSubscribe.Params, _ left: inout Int) throws(Failure) {
        var last = params.since
        defer { params.since = last }
        try self.options.connect().follow(params) { event throws(Failure) in
            last = event.cursor
            left -= 1
            if self.options.json {
                Output.line(event.jsonText)
            } else {
                Output.write("\(LocalTime.text(event.time))  \(Report.event(event))\n")
            }
            return left > 0
        }
    }
}
