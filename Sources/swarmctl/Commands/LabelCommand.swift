// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `label`: mark a torrent with words.
struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Mark a torrent with labels, or take them away.",
        discussion: """
            +LABEL marks the torrent, -LABEL takes the mark away; without either its labels are shown. They stay over \
            restarts, swarmctl list --label LABEL lists the torrents of one, and events and hooks tell them.

            Examples: swarmctl label release-42 +urgent +linux -old; swarmctl list --label urgent
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var id: String

    @Argument(
        parsing: .allUnrecognized, help: ArgumentHelp("Labels to add and to take away.", valueName: "+label|-label"))
    var changes: [String] = []

    func validate() throws {
        guard LabelChanges(self.changes) != nil else {
            throw ValidationError("a label is added with +LABEL and taken away with -LABEL")
        }
    }

    func run() throws {
        guard let changes = LabelChanges(self.changes) else { return }
        try self.options.show(
            TorrentLabel.self,
            .init(id: TorrentSelector(self.id), add: changes.added, remove: changes.removed)
        ) { Report.labels($0) }
    }
}
