// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Logging
import StrategyHost
import SwarmConfig
import SwarmDaemon
import SwarmEvents
import Systemd

/// The peer daemon's command line.
@main
struct SwarmdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swarmd",
        abstract: "The Swarm peer daemon: shares and fetches files with many peers at once.",
        discussion:
            "It is driven with swarmctl. Signals: SIGTERM and SIGINT stop it in order, SIGHUP reads the configuration "
            + "again.",
        version: DaemonIdentity.version)

    @Option(help: "The configuration file.")
    var config = "/etc/swarm/swarmd.toml"

    @Flag(help: "Check the configuration, say what is wrong with it, and exit.")
    var checkConfig = false

    @Flag(help: "Print the default configuration, every key explained, and exit.")
    var printDefaultConfig = false

    @Flag(help: ArgumentHelp("Print what the journal's records mean, for journalctl, and exit.", visibility: .hidden))
    var printMessageCatalog = false

    @Option(
        name: .customLong("probe-plugin"),
        help: ArgumentHelp("Try to load a plugin, and say on descriptor 3 what came of it.", visibility: .hidden))
    var probedPlugins: [String] = []

    func run() async throws {
        if !self.probedPlugins.isEmpty { ProbeAnswer.serve(self.probedPlugins) }
        if self.printMessageCatalog {
            print(MessageCatalogue.text, terminator: "")
            return
        }
        if self.printDefaultConfig {
            print(DaemonConfiguration.defaultText, terminator: "")
            return
        }
        let configuration: LoadedConfiguration<DaemonConfiguration>
        do {
            configuration = try DaemonConfiguration.load(path: self.config)
        } catch {
            throw Self.failure("\(error)")
        }
        if self.checkConfig {
            let faults = ConfigurationAdvice.faults(configuration)
            guard faults.isEmpty else { throw Self.failure("\(ConfigurationError(problems: faults))") }
            for warning in ConfigurationAdvice.warnings(configuration) {
                var text = "swarmd: warning: \(warning)\n"
                text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
            }
            print("\(self.config) is in order")
            return
        }
        try await self.serve(configuration)
    }

    private func serve(_ configuration: LoadedConfiguration<DaemonConfiguration>) async throws {
        let volume = LogVolume(Logger.Level(configuration.value.log.level))
        let logger = LogOutput(named: configuration.value.log.target.rawValue).logger("swarmd", volume: volume)
        let daemon: Daemon
        do {
            daemon = try await Daemon.start(
                configuration, path: self.config, supervision: .ofThisProcess(), volume: volume, logger: logger)
        } catch {
            throw Self.failure("\(error)")
        }
        try await daemon.run()
    }

    /// One clear line for each problem, and exit code 1.
    private static func failure(_ message: String) -> ExitCode {
        LogOutput.automatic().tellStartFailed("swarmd", message)
        return ExitCode(1)
    }
}
