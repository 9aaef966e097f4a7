// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `priority`: say which files to fetch, and which first.
struct PriorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "priority", abstract: "Choose which files to fetch, and which first.",
        usage: "swarmctl priority ID… FILE=LEVEL…",
        discussion: """
            A FILE is a number or path from swarmctl files, a folder, or a pattern such as '*.iso'; '*' is every file. A \
            LEVEL is skip, low, normal or high. It takes effect at once and stays over restarts; what is skipped is not \
            made on disk, but as far as the pieces of its neighbours reach into it. Of a magnet link whose files are not \
            known yet it is remembered.

            Example: swarmctl priority release-42 '*=skip' docs=normal setup.iso=high
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The torrents (first digits of the info-hash, or the name), then what to choose for each of them.",
            valueName: "id|file=level"),
        completion: NameCompletion.torrents)
    var words: [String]

    func validate() throws {
        let words = try TorrentWords(given: self.words)
        try words.checkComplete(of: "priority", example: "'*.iso=high'")
        _ = try FileAssignments.choices(words.changes)
    }

    func run() throws {
        let words = try TorrentWords(given: self.words)
        let files = try FileAssignments.choices(words.changes)
        try self.options.changeOneOrMore(words.torrents, heading: true) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentPriority.self, .init(id: torrent.id, files: files))
            let result = try ControlClient.decode(TorrentPriority.Result.self, text)
            return .init(text: text, words: Report.files(result.files, width: Terminal.width()))
        }
    }
}
