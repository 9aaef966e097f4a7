// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `files`: list the files of a torrent.
struct FilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "List the files of a torrent.",
        discussion: "Example: swarmctl files release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    func run() throws {
        try self.options.show(TorrentFiles.self, SelectorParams(id: TorrentSelector(self.id))) { result in
            Report.files(result.files, width: Terminal.width())
        }
    }
}
