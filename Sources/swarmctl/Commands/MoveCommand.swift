// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `move`: bring the files of a torrent to another folder.
struct MoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move the files of torrents to another folder.",
        usage: "swarmctl move [--wait] ID… FOLDER",
        discussion: """
            The folder may be on another disk. The torrent rests meanwhile and goes on in the new place; nothing that is \
            there is replaced, and whatever interrupts the move, no file is lost.

            Examples: swarmctl move release-42 /srv/archive --wait
                      swarmctl move release-41 release-42 /srv/archive
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "The torrents, and last the folder that the files are to go below; it must exist.",
            valueName: "id|folder"), completion: NameCompletion.torrents)
    var words: [String]

    @Flag(help: "Wait for the end, and show how far it is.")
    var wait = false

    func validate() throws {
        if self.words.count < 2 {
            throw ValidationError("a torrent and a folder are wanted: swarmctl move release-42 /srv/archive")
        }
    }

    func run() throws {
        let folder = try LocalFile.absolute(self.words[self.words.count - 1])
        try self.options.changeOneOrMore(Array(self.words.dropLast())) { client, torrent throws(Failure) in
            try self.move(torrent, to: folder, client)
        }
    }

    private func move(
        _ named: GlobalOptions.NamedTorrent, to folder: String, _ client: ControlClient
    ) throws(Failure) -> GlobalOptions.Answer {
        let text = try client.callForText(TorrentMove.self, .init(id: named.id, dir: folder))
        guard self.wait else {
            return .init(text: text, words: "moving \(Printable.clean(named.name)) to \(Printable.clean(folder))\n")
        }
        let end = try self.options.wait(for: try ControlClient.decode(JobReference.self, text), client)
        let torrent = end.infoHash.map { TorrentSelector($0.description) } ?? named.id
        let shown = try client.callForText(TorrentShow.self, SelectorParams(id: torrent))
        let detail = try ControlClient.decode(TorrentDetail.self, shown)
        let words = "\(Printable.clean(detail.summary.name)) is in \(Printable.clean(detail.dir)) now\n"
        return .init(text: shown, words: words)
    }
}
