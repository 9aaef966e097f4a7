// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `move`: bring the files of a torrent to another folder.
struct MoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Move the files of a torrent to another folder.",
        discussion: """
            The folder may be on another disk. The torrent rests meanwhile and goes on in the new place; nothing that is \
            there is replaced, and whatever interrupts the move, no file is lost.

            Example: swarmctl move release-42 /srv/archive --wait
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrent: first digits of the info-hash, or its name.", completion: NameCompletion.torrents)
    var id: String

    @Argument(help: "The folder that the files are to go below; it must exist.", completion: .directory)
    var folder: String

    @Flag(help: "Wait for the end, and show how far it is.")
    var wait = false

    func run() throws {
        let client = try self.options.connect()
        let id = TorrentSelector(self.id)
        let folder = try LocalFile.absolute(self.folder)
        let text = try client.callForText(TorrentMove.self, .init(id: id, dir: folder))
        guard self.wait else {
            if self.options.json { return Output.line(text) }
            return Output.write("moving \(Printable.clean(self.id)) to \(Printable.clean(folder))\n")
        }
        let end = try self.options.wait(for: try ControlClient.decode(JobReference.self, text), client)
        let torrent = end.infoHash.map { TorrentSelector($0.description) } ?? id
        let shown = try client.callForText(TorrentShow.self, SelectorParams(id: torrent))
        if self.options.json { return Output.line(shown) }
        let detail = try ControlClient.decode(TorrentDetail.self, shown)
        Output.write("\(Printable.clean(detail.summary.name)) is in \(Printable.clean(detail.dir)) now\n")
    }
}
