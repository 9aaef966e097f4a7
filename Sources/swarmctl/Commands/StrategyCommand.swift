// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `strategy`: show and change what decides.
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "Show which strategies decide, and choose others.",
        usage: "swarmctl strategy [ID]… [KEY=VALUE]…",
        discussion: """
            Without an argument: the configured strategies, and the torrents that have others. ID tells of a torrent. \
            picker=NAME and choker=NAME choose for the torrents, as swarmctl set does, or without ID for every torrent that \
            has none of its own, until the next reload or restart; a configuration file keeps it for good. An empty name \
            (picker=) takes back what was chosen.

            Examples: swarmctl strategy; swarmctl strategy picker=sequential; swarmctl strategy release-42 choker=
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp("Torrents, and then what to choose.", valueName: "id|key=value"),
        completion: NameCompletion.strategyWords)
    var words: [String] = []

    func validate() throws {
        _ = try StrategyAssignments(try TorrentWords(given: self.words, torrentFirst: false).changes)
    }

    func run() throws {
        let words = try TorrentWords(given: self.words, torrentFirst: false)
        let assignments = try StrategyAssignments(words.changes)
        if !words.torrents.isEmpty {
            if assignments.isEmpty {
                try self.show(words.torrents)
            } else {
                try assignments.choose(for: words.torrents, self.options)
            }
        } else if assignments.isEmpty {
            try self.options.show(StrategyGet.self, .init()) { Report.strategies($0, width: Terminal.width()) }
        } else {
            try self.chooseForAll(assignments)
        }
    }

    private func show(_ torrents: [String]) throws {
        if torrents.count == 1 {
            return try self.options.show(
                StrategyGet.self, .init(id: TorrentSelector(torrents[0])), words: Self.words(for:))
        }
        // What is printed of each names it.
        try self.options.forEach(torrents) { client, id throws(Failure) in
            let text = try client.callForText(StrategyGet.self, .init(id: TorrentSelector(id)))
            return .init(text: text, words: Self.words(for: try ControlClient.decode(StrategyGet.Result.self, text)))
        }
    }

    private static func words(for result: StrategyGet.Result) -> String {
        result.torrents.map { Report.strategies(of: $0) }.joined()
    }

    private func chooseForAll(_ assignments: StrategyAssignments) throws {
        if let key = assignments.particular.first {
            throw ValidationError("\(key) is chosen for one torrent: name it first")
        }
        for (key, name) in [
            ("strategy.picker", assignments.picker), ("strategy.choker", assignments.choker),
            ("wire.compression", assignments.compression),
        ] {
            guard let name else { continue }
            if name.isEmpty {
                try self.options.show(ConfigUnset.self, .init(key: key)) { Report.changed($0) }
            } else {
                try self.options.show(ConfigSet.self, .init(key: key, value: name)) { Report.changed($0) }
            }
        }
    }
}
