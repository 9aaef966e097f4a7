// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlWire

/// What `set` and `strategy` are told to choose: `picker=NAME` and `choker=NAME`.
struct StrategyAssignments {
    /// The picker's name; nil when it is to stay, empty for the configured one.
    private(set) var picker: String?
    /// The choker's name, likewise.
    private(set) var choker: String?

    var isEmpty: Bool { self.picker == nil && self.choker == nil }

    /// Reads words of the form `KEY=VALUE`. Throws for a key that there is not, or twice the same.
    init(_ words: [String]) throws {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("\u{201C}\(word)\u{201D} is not of the form KEY=VALUE")
            }
            let isTwice: Bool
            switch parts[0] {
            case "picker": (isTwice, self.picker) = (self.picker != nil, parts[1])
            case "choker": (isTwice, self.choker) = (self.choker != nil, parts[1])
            default:
                let near = NearestName.nearest(to: parts[0], among: ["picker", "choker"])
                throw ValidationError(
                    "there is no \u{201C}\(parts[0])\u{201D} to choose; "
                        + (near.map { "did you mean \($0)?" } ?? "there are picker and choker"))
            }
            if isTwice { throw ValidationError("\(parts[0]) is given twice") }
        }
    }

    /// For one torrent.
    func params(for id: TorrentSelector) -> TorrentSet.Params {
        TorrentSet.Params(id: id, picker: Self.wire(self.picker), choker: Self.wire(self.choker))
    }

    private static func wire(_ name: String?) -> String? {
        name.map { $0.isEmpty ? ControlProtocol.defaultStrategy : $0 }
    }
}
