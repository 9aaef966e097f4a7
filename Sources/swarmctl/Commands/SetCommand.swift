// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `set`: choose something for one torrent.
struct SetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Choose strategies or seed limits for one torrent, at once and for good.",
        discussion: """
            picker=NAME and choker=NAME take effect while the torrent runs, lose nothing that was fetched, and stay over \
            restarts; so does compression=auto, always or never, for data between Swarm peers. Without a name (picker=) \
            the torrent follows the configuration again. super_seeding=on has a complete torrent show each peer only what \
            nobody else has, so that a first copy of it gets out with the least upload; off is as usual. swarmctl plugins lists \
            what there is.

            seed_ratio=NUMBER, seed_time=DURATION and seed_idle=DURATION pause the torrent when it has sent so many times \
            its size, so long after it was complete, or when nobody has taken anything for so long; none is never, and \
            nothing (seed_ratio=) is as configured.

            move_to=FOLDER moves its files there when it is complete, at once when it is; move_to= has them stay.

            Examples: swarmctl set release-42 picker=sequential; swarmctl set logs compression=always
                      swarmctl set release-42 seed_ratio=2 seed_time=7d
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var id: String

    @Argument(
        help: ArgumentHelp("What to choose.", valueName: "key=value"), completion: NameCompletion.strategyAssignments)
    var assignments: [String]

    func validate() throws { _ = try StrategyAssignments(self.assignments) }

    func run() throws {
        let params = try StrategyAssignments(self.assignments).params(for: TorrentSelector(self.id))
        try self.options.show(TorrentSet.self, params) { Report.strategies(of: $0) }
    }
}
