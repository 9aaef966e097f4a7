// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire
import SwarmModel

/// `version`: tells the versions of this program and of the daemon.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Tell the versions of swarmctl and swarmd.",
        usage: "swarmctl version",
        discussion: "Example: swarmctl version")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        if !self.options.json { Output.write("swarmctl \(SwarmVersion.current)\n") }
        try self.options.show(DaemonVersion.self, NoFields()) {
            "swarmd \($0.version), control protocol \($0.protocolVersion)\n"
        }
    }
}
