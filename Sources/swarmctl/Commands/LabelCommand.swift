// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `label`: mark torrents with words.
struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Mark torrents with labels, or take them away.",
        usage: "swarmctl label ID… [+LABEL|-LABEL]…",
        discussion: """
            +LABEL marks the torrents, -LABEL takes the mark away; without either their labels are shown. They stay over \
            restarts, swarmctl list --label LABEL lists the torrents of one, and events and hooks tell them.

            Examples: swarmctl label release-41 release-42 +urgent -old; swarmctl list --label urgent
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        parsing: .allUnrecognized,
        help: ArgumentHelp(
            "The torrents (first digits of the info-hash, or the name), then labels to add and to take away.",
            valueName: "id|+label|-label"),
        completion: NameCompletion.torrents)
    var words: [String]

    func validate() throws {
        guard LabelChanges(try self.divided().changes) != nil else {
            throw ValidationError("a label is added with +LABEL and taken away with -LABEL")
        }
    }

    func run() throws {
        let words = try self.divided()
        guard let changes = LabelChanges(words.changes) else { return }
        try self.options.changeOneOrMore(words.torrents) { client, torrent throws(Failure) in
            let params = TorrentLabel.Params(id: torrent.id, add: changes.added, remove: changes.removed)
            let text = try client.callForText(TorrentLabel.self, params)
            return .init(text: text, words: Report.labels(try ControlClient.decode(TorrentLabels.self, text)))
        }
    }

    private func divided() throws -> TorrentWords {
        try TorrentWords(given: self.words) { $0.hasPrefix("+") || $0.hasPrefix("-") }
    }
}
