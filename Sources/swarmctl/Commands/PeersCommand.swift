// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `peers`: list the connected peers of a torrent.
struct PeersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers", abstract: "List the connected peers of a torrent.",
        usage: "swarmctl peers ID…",
        discussion: "Example: swarmctl peers release-42")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    func run() throws {
        try self.options.look(at: self.ids, TorrentPeers.self) { result in
            Report.peers(result.peers, width: Terminal.width())
        }
    }
}
