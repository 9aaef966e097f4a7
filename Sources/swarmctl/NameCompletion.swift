// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import Glibc

/// What a shell offers where a command wants something that the running daemon knows.
enum NameCompletion {
    /// The torrents: by name where a shell can take the name as it is, otherwise by the first digits of the info-hash.
    static let torrents = CompletionKind.custom { words, _, _ in Self.names(words) }

    private static func names(_ words: [String]) -> [String] {
        guard let list = Self.ask(TorrentList.self, TorrentList.Params(), words) else { return [] }
        var seen: [String: Int] = [:]
        for torrent in list.torrents { seen[torrent.name, default: 0] += 1 }
        return list.torrents.map { torrent in
            seen[torrent.name] == 1 && Self.isPlain(torrent.name) ? torrent.name : Report.short(torrent.infoHash)
        }
    }

    /// The loaded pickers.
    static let pickers = plugins(kind: "picker")
    /// The loaded chokers.
    static let chokers = plugins(kind: "choker")

    /// Every plugin.
    static let allPlugins = CompletionKind.custom { words, _, _ in
        Self.ask(DaemonPlugins.self, NoFields(), words)?.plugins.map(\.name) ?? []
    }

    /// A torrent, or a choice: `picker=NAME`, `choker=NAME` and `compression=MODE`.
    static let strategyWords = CompletionKind.custom { words, _, _ in
        Self.names(words) + Self.assignments(words)
    }

    /// The keys of the configuration.
    static let settings = CompletionKind.custom { words, _, _ in
        Self.ask(ConfigGet.self, ConfigGet.Params(), words)?.settings.map(\.key) ?? []
    }

    private static func assignments(_ words: [String]) -> [String] {
        guard let list = Self.ask(DaemonPlugins.self, NoFields(), words) else { return [] }
        let plugins = list.plugins.filter { ["picker", "choker"].contains($0.kind) && !$0.disabled }
        return plugins.map { "\($0.kind)=\($0.name)" } + ["auto", "always", "never"].map { "compression=\($0)" }
    }

    private static func plugins(kind: String) -> CompletionKind {
        .custom { words, _, _ in
            guard let list = Self.ask(DaemonPlugins.self, NoFields(), words) else { return [] }
            return list.plugins.filter { $0.kind == kind && !$0.disabled }.map(\.name)
        }
    }

    /// Asks the daemon that the words typed so far name, without a complaint when there is none: whoever presses the
    /// tabulator does not want to read errors.
    private static func ask<Method: ControlMethod>(
        _ method: Method.Type, _ params: Method.Params, _ words: [String]
    ) -> Method.Result? {
        let option = words.firstIndex(of: "--socket").map { words.index(after: $0) }
        let named = option.flatMap { words.indices.contains($0) ? words[$0] : nil }
        let variable = getenv(ControlProtocol.socketVariable).map { String(cString: $0) } ?? ""
        let path = named ?? (variable.isEmpty ? ControlProtocol.defaultSocket : variable)
        return try? ControlClient(path: path, patience: Self.patience).call(method, params)
    }

    /// Seconds that a person waits for an answer to the tabulator.
    private static let patience = 2

    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix("-")
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: Self.plainMarks.contains(byte)
                }
            }
    }

    /// No colon: bash breaks words at it.
    private static let plainMarks = Array("-_.,+@%".utf8)
}
