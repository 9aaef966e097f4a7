// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `get`: finds a torrent in the trackers' catalogues and fetches it.
struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Find a torrent in the catalogue and fetch it.",
        usage: "swarmctl get [OPTION]… NAME|HASH",
        discussion: "Example: swarmctl get release-42 --dir /srv/data --wait")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var placement: PlacementOptions

    @Argument(help: "Its exact name, or the first digits of its info-hash.")
    var id: String

    func validate() throws { try self.placement.check() }

    func run() throws {
        let params = CatalogueGet.Params(
            id: self.id, dir: try self.placement.absoluteFolder(), paused: self.placement.paused,
            picker: self.placement.picker, choker: self.placement.choker,
            labels: self.placement.labels,
            moveTo: try self.placement.absoluteGoal())
        let client = try self.options.connect()
        let text = try client.callForText(CatalogueGet.self, params)
        let reference = try ControlClient.decode(TorrentReference.self, text)
        try self.options.conclude(
            reference, text, wait: self.placement.wait, patience: self.placement.patience, client)
    }
}
