// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlWire

/// What `set` and `strategy` are told to choose: `picker=NAME`, `choker=NAME` and `compression=MODE`.
struct StrategyAssignments {
    private static let keys = ["picker", "choker", "compression", "super_seeding"]

    /// What is chosen, by key; empty for the configured one.
    private var chosen: [String: String] = [:]

    /// The picker's name; nil when it is to stay, empty for the configured one.
    var picker: String? { self.chosen["picker"] }
    /// The choker's name, likewise.
    var choker: String? { self.chosen["choker"] }
    /// Whether data is compressed, likewise.
    var compression: String? { self.chosen["compression"] }

    /// Whether it super-seeds.
    var superSeeding: String? { self.chosen["super_seeding"] }

    var isEmpty: Bool { self.chosen.isEmpty }

    /// Reads words of the form `KEY=VALUE`. Throws for a key that there is not, or twice the same.
    init(_ words: [String]) throws {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("\u{201C}\(word)\u{201D} is not of the form KEY=VALUE")
            }
            guard Self.keys.contains(parts[0]) else {
                let near = NearestName.nearest(to: parts[0], among: Self.keys)
                throw ValidationError(
                    "there is no \u{201C}\(parts[0])\u{201D} to choose; "
                        + (near.map { "did you mean \($0)?" }
                            ?? "there are picker, choker, compression and super_seeding"))
            }
            if self.chosen.updateValue(parts[1], forKey: parts[0]) != nil {
                throw ValidationError("\(parts[0]) is given twice")
            }
        }
    }

    /// For one torrent.
    func params(for id: TorrentSelector) -> TorrentSet.Params {
        TorrentSet.Params(
            id: id, picker: Self.wire(self.picker), choker: Self.wire(self.choker),
            compression: Self.wire(self.compression), superSeeding: self.superSeeding)
    }

    private static func wire(_ name: String?) -> String? {
        name.map { $0.isEmpty ? ControlProtocol.defaultStrategy : $0 }
    }
}
