// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `strategy`: show and change what decides.
struct StrategyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "strategy", abstract: "Show which strategies decide, and choose others.",
        usage: "swarmctl strategy [ID] [KEY=VALUE]…",
        discussion: """
            Without an argument: the configured strategies, and the torrents that have others. ID tells of one torrent. \
            picker=NAME and choker=NAME choose for the torrent, as swarmctl set does, or without ID for every torrent that \
            has none of its own, until the next reload or restart; a configuration file keeps it for good. An empty name \
            (picker=) takes back what was chosen.

            Examples: swarmctl strategy; swarmctl strategy picker=sequential; swarmctl strategy release-42 choker=
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp("A torrent, and what to choose.", valueName: "id|key=value"),
        completion: NameCompletion.strategyWords)
    var words: [String] = []

    func validate() throws {
        _ = try self.assignments()
        if self.words.dropFirst().contains(where: { !$0.contains("=") }) {
            throw ValidationError("one torrent at a time, and before what to choose for it")
        }
    }

    func run() throws {
        let assignments = try self.assignments()
        if let id = self.id {
            if assignments.isEmpty {
                try self.options.show(StrategyGet.self, .init(id: id)) { result in
                    result.torrents.map { Report.strategies(of: $0) }.joined()
                }
            } else {
                try self.options.show(TorrentSet.self, try assignments.params(for: id)) { Report.strategies(of: $0) }
            }
        } else if assignments.isEmpty {
            try self.options.show(StrategyGet.self, .init()) { Report.strategies($0, width: Terminal.width()) }
        } else {
            try self.chooseForAll(assignments)
        }
    }

    /// The torrent: a first word that chooses nothing.
    private var id: TorrentSelector? { self.words.first.flatMap { $0.contains("=") ? nil : TorrentSelector($0) } }

    private func assignments() throws -> StrategyAssignments {
        try StrategyAssignments(self.id == nil ? self.words : Array(self.words.dropFirst()))
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
