// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `announce`: ask the trackers for peers now.
struct AnnounceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "announce", abstract: "Ask the trackers for peers now.",
        usage: "swarmctl announce ID…",
        discussion: "Example: swarmctl announce release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentAnnounce.self, SelectorParams(id: torrent.id))
            let reference = try ControlClient.decode(TorrentReference.self, text)
            return .init(text: text, words: GlobalOptions.words(for: reference, "announced"))
        }
    }
}
