// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `resume`: let torrents go on.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Let torrents go on.",
        usage: "swarmctl resume ID…",
        discussion: "Example: swarmctl resume release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentResume.self, SelectorParams(id: torrent.id))
            let reference = try ControlClient.decode(TorrentReference.self, text)
            return .init(text: text, words: GlobalOptions.words(for: reference, "resumed"))
        }
    }
}
