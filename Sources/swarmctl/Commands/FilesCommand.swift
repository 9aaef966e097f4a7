// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `files`: list the files of a torrent.
struct FilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "List the files of a torrent.",
        usage: "swarmctl files ID…",
        discussion: "Example: swarmctl files release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.look(at: self.ids, TorrentFiles.self) { result in
            Report.files(result.files, width: Terminal.width())
        }
    }
}
