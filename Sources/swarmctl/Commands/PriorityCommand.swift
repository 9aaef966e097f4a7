// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `priority`: say which files to fetch, and which first.
struct PriorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "priority", abstract: "Choose which files to fetch, and which first.",
        usage: "swarmctl priority ID FILE=LEVEL…",
        discussion: """
            A FILE is a number or path from swarmctl files, a folder, or a pattern such as '*.iso'; '*' is every file. A \
            LEVEL is skip, low, normal or high. It takes effect at once and stays over restarts; what is skipped is not \
            made on disk, but as far as the pieces of its neighbours reach into it. Of a magnet link whose files are not \
            known yet it is remembered.

            Example: swarmctl priority release-42 '*=skip' docs=normal setup.iso=high
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var id: String

    @Argument(help: ArgumentHelp("What to choose.", valueName: "file=level"))
    var assignments: [String]

    func validate() throws { _ = try FileAssignments.choices(self.assignments) }

    func run() throws {
        let params = TorrentPriority.Params(
            id: TorrentSelector(self.id), files: try FileAssignments.choices(self.assignments))
        try self.options.show(TorrentPriority.self, params) { result in
            Report.files(result.files, width: Terminal.width())
        }
    }
}
