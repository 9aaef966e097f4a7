// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `get`: finds torrents in the trackers' catalogues and fetches them.
struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Find torrents in the catalogue and fetch them.",
        usage: "swarmctl get [OPTION]… NAME|HASH…",
        discussion: "Example: swarmctl get release-42 --dir /srv/data --wait")

    @OptionGroup var options: GlobalOptions
    @OptionGroup var placement: PlacementOptions

    @Argument(help: "Exact names, or the first digits of info-hashes.")
    var ids: [String]

    func validate() throws { try self.placement.check() }

    func run() throws {
        let dir = try self.placement.absoluteFolder()
        let goal = try self.placement.absoluteGoal()
        try self.options.take(self.ids, self.placement) { client, id throws(Failure) in
            let params = CatalogueGet.Params(
                id: id, dir: dir, paused: self.placement.paused, picker: self.placement.picker,
                choker: self.placement.choker, labels: self.placement.labels, moveTo: goal)
            return try client.callForText(CatalogueGet.self, params)
        }
    }
}
