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
        try self.options.forEach(self.ids) { client, id throws(Failure) in
            let text = try client.callForText(TorrentPause.self, SelectorParams(id: id))
            let torrent = try ControlClient.decode(TorrentReference.self, text)
            return .init(text: text, words: GlobalOptions.words(for: torrent, "paused"))
        }
    }
}
