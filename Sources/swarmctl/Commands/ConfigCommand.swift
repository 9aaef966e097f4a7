// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ControlText
import ControlWire

/// `config`: show the configuration in effect, and change what can change while the daemon runs.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Show the configuration, and change it for a while.",
        usage: "swarmctl config [--unset] [KEY[=VALUE]]",
        discussion: """
            Without an argument every key is listed, with its value, where that comes from, and whether it can change \
            while swarmd runs. KEY tells all about one key. KEY=VALUE changes a live key until the next reload or \
            restart; KEY= takes back what was set so. To change a key for good, write it into a configuration file and \
            reload: systemctl reload swarmd

            What can be set of a plugin is a key as well: strategy.NAME.OPTION.

            Examples: swarmctl config; swarmctl config log.level=debug; swarmctl config log.level=; \
            swarmctl config strategy.deadline.window=60
            """)

    @OptionGroup var options: GlobalOptions

    @Flag(help: "Give the key back the value that the files say, as KEY= does.")
    var unset = false

    @Argument(
        help: ArgumentHelp("The key with its table, and its value to change it.", valueName: "key[=value]"),
        completion: NameCompletion.settings)
    var assignment: String?

    func validate() throws {
        guard self.unset else { return }
        guard let assignment = self.assignment, !assignment.contains("=") else {
            throw ValidationError("--unset takes a key and no value: swarmctl config --unset log.level")
        }
    }

    func run() throws {
        guard let assignment = self.assignment else { return try self.show(nil) }
        let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let key = String(parts[0])
        if self.unset || parts.last?.isEmpty == true {
            try self.options.show(ConfigUnset.self, .init(key: key)) { Report.changed($0) }
        } else if parts.count == 2 {
            try self.options.show(ConfigSet.self, .init(key: key, value: String(parts[1]))) { Report.changed($0) }
        } else {
            try self.show(key)
        }
    }

    private func show(_ key: String?) throws {
        try self.options.show(ConfigGet.self, .init(key: key)) { result in
            if key != nil, let setting = result.settings.first { return Report.setting(setting) }
            return Report.settings(result.settings, width: Terminal.width())
        }
    }
}
