// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `peers`: list the connected peers of a torrent.
struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "List the connected peers of a torrent.",
        discussion: "Example: swarmctl peers release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    func run() throws {
        try self.options.show(TorrentPeers.self, SelectorParams(id: TorrentSelector(self.id))) { result in
            Report.peers(result.peers, width: Terminal.width())
        }
    }
}
