// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `status`: tell how the daemon is.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell how the daemon is.",
        usage: "swarmctl status",
        discussion: "Example: swarmctl status")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try self.options.show(DaemonStatus.self, NoFields()) { Report.status($0) }
    }
}
