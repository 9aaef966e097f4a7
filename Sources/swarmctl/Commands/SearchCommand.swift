// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `search`: looks through the trackers' catalogues.
struct SearchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search the catalogue of the trackers.",
        usage: "swarmctl search [--limit N] [WORD]…",
        discussion: "Example: swarmctl search release")

    @OptionGroup var options: GlobalOptions

    @Argument(help: "Words of the name; none lists everything.")
    var words: [String] = []

    @Option(help: "At most so many.")
    var limit: Int?

    func validate() throws {
        guard self.limit ?? 1 >= 1 else { throw ValidationError("--limit must be at least 1") }
    }

    func run() throws {
        let params = CatalogueSearch.Params(text: self.words.joined(separator: " "), limit: self.limit)
        try self.options.show(CatalogueSearch.self, params) { result in
            for failure in result.failures { Output.complain("swarmctl: \(Printable.clean(failure))\n") }
            return Report.catalogue(result.entries, width: Terminal.width())
        }
    }
}
