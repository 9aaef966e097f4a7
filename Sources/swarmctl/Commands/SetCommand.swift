// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `set`: choose something for torrents.
struct SetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Choose strategies or seed limits of torrents, at once and for good.",
        usage: "swarmctl set ID… KEY=VALUE…",
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

            Examples: swarmctl set release-42 picker=sequential; swarmctl set logs-1 logs-2 compression=always
                      swarmctl set release-42 seed_ratio=2 seed_time=7d
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The torrents (first digits of the info-hash, or the name), then what to choose for each of them.",
            valueName: "id|key=value"),
        completion: NameCompletion.strategyWords)
    var words: [String]

    func validate() throws {
        let words = try TorrentWords(given: self.words)
        try words.checkComplete(of: "set", example: "picker=sequential")
        _ = try StrategyAssignments(words.changes)
    }

    func run() throws {
        let words = try TorrentWords(given: self.words)
        try StrategyAssignments(words.changes).choose(for: words.torrents, self.options)
    }
}
