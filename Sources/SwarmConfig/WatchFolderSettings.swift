// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// `[watch.<name>]`: one folder whose .torrent files are added.
package struct WatchFolderSettings: Hashable, Sendable {
    /// What the configuration calls it.
    package let name: String
    /// The folder.
    package let path: String
    /// Where the payload goes; nil for as usual.
    package let dir: String?
    /// What its torrents are marked with.
    package let labels: [String]
    /// Whether they stay stopped at first.
    package let isPaused: Bool

    /// The keys, with what they take.
    static let keys: [(name: String, accepts: String, help: String)] = [
        ("path", "an absolute path", "The folder whose .torrent and .magnet files are added."),
        (
            "dir", "an absolute path, or empty for the download folder",
            "Where the payload of its torrents goes; the folder must exist."
        ),
        ("label", "labels with commas between", "What its torrents are marked with."),
        ("paused", "true or false", "Whether its torrents stay stopped until somebody resumes them."),
    ]

    /// Nil where the options name no folder.
    init?(_ name: String, _ options: [String: OptionValue]) {
        guard case .text(let path)? = options["path"] else { return nil }
        self.name = name
        self.path = path
        self.dir = if case .text(let dir)? = options["dir"], !dir.isEmpty { dir } else { nil }
        self.labels = if case .text(let label)? = options["label"] { Self.labels(label) } else { [] }
        self.isPaused = options["paused"] == .boolean(true)
    }

    private static func labels(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }
    }

    /// What is wrong with the options, by key; the first key of a folder that has no path stands for it.
    static func problems(_ name: String, _ options: [String: OptionValue]) -> [(key: String, message: String)] {
        var problems: [(key: String, message: String)] = []
        for (key, value) in options.sorted(by: { $0.key < $1.key }) {
            if let message = Self.problem(key, value) { problems.append((key, message)) }
        }
        if options["path"] == nil, let first = options.keys.sorted().first {
            problems.append((first, "[watch.\(name)] must have a path: the folder that it is about"))
        }
        return problems
    }

    /// What is wrong with one option; nil when nothing is.
    static func problem(_ key: String, _ value: OptionValue) -> String? {
        guard let known = Self.keys.first(where: { $0.name == key }) else {
            let near = NearestName.nearest(to: key, among: Self.keys.map(\.name))
            return "a watched folder has no \(key); "
                + (near.map { "did you mean \($0)?" }
                    ?? "known are \(Self.keys.map(\.name).joined(separator: ", "))")
        }
        switch value {
        case .boolean where key == "paused": return nil
        case .text(let text) where key == "path" || key == "dir":
            if key == "dir", text.isEmpty { return nil }
            return text.hasPrefix("/") && !text.utf8.contains(0) && text.utf8.count < 4_096
                ? nil : "expected an absolute path, found \(value.toml)"
        case .text(let text) where key == "label":
            let bad = Self.labels(text).first { !LabelRule.admits($0) }
            return bad.map { "\($0.toml) is no label: \(LabelRule.words)" }
        case .boolean, .integer, .number, .text: return "expected \(known.accepts), found \(value.typeName)"
        }
    }
}
