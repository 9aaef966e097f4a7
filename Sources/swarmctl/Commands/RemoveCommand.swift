// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `remove`: forget torrents, and delete their data when told so.
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Forget torrents, and their data when told so.",
        usage: "swarmctl remove [--delete-data] ID…",
        discussion: "Example: swarmctl remove release-42 --delete-data")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The torrents: first digits of the info-hash, or the name.", completion: NameCompletion.torrents)
    var ids: [String]

    @Flag(help: "Delete what was fetched, too; refused for data that was there before the torrent.")
    var deleteData = false

    func run() throws {
        try self.options.change(self.ids) { client, torrent throws(Failure) in
            let text = try client.callForText(
                TorrentRemove.self, TorrentRemove.Params(id: torrent.id, deleteData: self.deleteData))
            let removed = try ControlClient.decode(TorrentReference.self, text)
            let name = "\(Report.short(removed.infoHash))  \(Printable.clean(removed.name))"
            let data = self.deleteData ? "its data is deleted" : "its data is kept"
            return .init(text: text, words: "removed \(name) (\(data))\n")
        }
    }
}
