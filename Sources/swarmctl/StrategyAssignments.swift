// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// What `set` and `strategy` are told to choose: `picker=NAME`, `choker=NAME`, `compression=MODE` and so on.
struct StrategyAssignments {
    /// What can be chosen for all torrents, too.
    static let generalKeys = ["picker", "choker", "compression"]
    private static let durations = ["seed_time", "seed_idle"]
    private static let keys = Self.generalKeys + ["super_seeding", "seed_ratio", "move_to"] + Self.durations

    /// What is chosen, by key; empty for the configured one.
    private var chosen: [String: String] = [:]

    /// The picker's name; nil when it is to stay, empty for the configured one.
    var picker: String? { self.chosen["picker"] }
    /// The choker's name, likewise.
    var choker: String? { self.chosen["choker"] }
    /// Whether data is compressed, likewise.
    var compression: String? { self.chosen["compression"] }

    /// What can be chosen for one torrent only.
    var particular: [String] { self.chosen.keys.filter { !Self.generalKeys.contains($0) }.sorted() }

    var isEmpty: Bool { self.chosen.isEmpty }

    /// Reads words of the form `KEY=VALUE`. Throws for a key that there is not, or twice the same.
    init(_ words: [String]) throws {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("\u{201C}\(word)\u{201D} is not of the form KEY=VALUE")
            }
            guard Self.keys.contains(parts[0]) else {
                throw ValidationError(
                    "there is no \u{201C}\(parts[0])\u{201D} to choose; "
                        + ChoiceArgument.advice(for: parts[0], among: Self.keys))
            }
            if self.chosen.updateValue(parts[1], forKey: parts[0]) != nil {
                throw ValidationError("\(parts[0]) is given twice")
            }
            try Self.check(parts[0], parts[1])
        }
    }

    /// Chooses it for torrents, and prints what each works with.
    func choose(for torrents: [String], _ options: GlobalOptions) throws(Failure) {
        try options.changeOneOrMore(torrents) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentSet.self, try self.params(for: torrent.id))
            let chosen = try ControlClient.decode(TorrentStrategies.self, text)
            return .init(text: text, words: Report.strategies(of: chosen))
        }
    }

    private func params(for id: TorrentSelector) throws(Failure) -> TorrentSet.Params {
        TorrentSet.Params(
            id: id, picker: Self.wire(self.picker), choker: Self.wire(self.choker),
            compression: Self.wire(self.compression), superSeeding: self.chosen["super_seeding"],
            seedRatio: self.number("seed_ratio"), seedTime: self.number("seed_time"),
            seedIdle: self.number("seed_idle"), moveTo: try self.goal())
    }

    /// The folder that its files go to, as the daemon needs it.
    private func goal() throws(Failure) -> String? {
        guard let path = self.chosen["move_to"], !path.isEmpty, path != Self.none else {
            return self.chosen["move_to"].map { _ in ControlProtocol.defaultStrategy }
        }
        return try LocalFile.absolute(path)
    }

    private static func check(_ key: String, _ value: String) throws {
        guard !value.isEmpty, value != Self.none else { return }
        if Self.durations.contains(key), DurationText.parse(value) == nil {
            throw ValidationError(
                "\(key) is a duration such as 90min or 7d, or \(Self.none); not \u{201C}\(value)\u{201D}")
        }
        if key == "seed_ratio", Double(value) == nil {
            throw ValidationError("\(key) is a number such as 2 or 1.5, or \(Self.none); not \u{201C}\(value)\u{201D}")
        }
    }

    /// What says that there is no limit.
    private static let none = "none"

    /// A limit as the wire has it: durations in seconds, 0 for none.
    private func number(_ key: String) -> String? {
        guard let value = self.chosen[key], !value.isEmpty else { return Self.wire(self.chosen[key]) }
        if value == Self.none { return "0" }
        return Self.durations.contains(key) ? DurationText.parse(value).map { "\($0)" } : value
    }

    private static func wire(_ name: String?) -> String? {
        name.map { $0.isEmpty ? ControlProtocol.defaultStrategy : $0 }
    }
}
