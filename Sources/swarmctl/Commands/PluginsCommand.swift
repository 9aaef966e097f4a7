// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `plugins`: list strategies and transports.
struct PluginsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "List strategies and transports, or tell of one.",
        usage: "swarmctl plugins [NAME]",
        discussion: """
            Without an argument: every plugin, how often it decided and how long that took, and every file that cannot be \
            used. NAME tells where a plugin comes from and what can be set of it.

            Examples: swarmctl plugins; swarmctl plugins rarest-first
            """)

    @OptionGroup var options: GlobalOptions

    @Argument(
        help: ArgumentHelp("One plugin, by its name.", valueName: "name"), completion: NameCompletion.allPlugins)
    var name: String?

    func run() throws {
        guard let name = self.name else {
            return try self.options.show(DaemonPlugins.self, NoFields()) {
                Report.plugins($0, width: Terminal.width())
            }
        }
        var result = try self.options.connect().call(DaemonPlugins.self, NoFields())
        let names = result.plugins.map(\.name)
        result.plugins.removeAll { $0.name != name }
        result.unusable = []
        guard !result.plugins.isEmpty else { throw Self.unknown(name, names) }
        if self.options.json {
            Output.line((try? JSONCoding.encode(result)) ?? [])
        } else {
            Output.write(result.plugins.map { Report.plugin($0) }.joined(separator: "\n"))
        }
    }

    private static func unknown(_ name: String, _ names: [String]) -> Failure {
        let near = NearestName.nearest(to: name, among: names)
        return .refused(
            ControlError(
                .notFound,
                "no plugin is called \u{201C}\(name)\u{201D}; "
                    + (near.map { "did you mean \($0)?" } ?? "swarmctl plugins lists them"),
                candidates: near.map { [ControlCandidate(name: $0)] } ?? []))
    }
}
