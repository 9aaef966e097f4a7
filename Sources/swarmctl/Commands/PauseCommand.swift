// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `pause`: stop torrents until they are resumed.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop torrents until they are resumed.",
        usage: "swarmctl pause ID…",
        discussion: "Example: swarmctl pause release-42 3f2a91bc")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let text = try client.callForText(TorrentPause.self, SelectorParams(id: torrent.id))
            let reference = try ControlClient.decode(TorrentReference.self, text)
            return .init(text: text, words: GlobalOptions.words(for: reference, "paused"))
        }
    }
}
