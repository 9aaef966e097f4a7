// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `plugins`: list the strategies and transports that are loaded.
struct PluginsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins", abstract: "List the strategies and transports that are loaded.",
        discussion: "Example: swarmctl plugins")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try self.options.show(DaemonPlugins.self, NoFields()) { Report.plugins($0.plugins, width: Terminal.width()) }
    }
}
