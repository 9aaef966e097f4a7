// SPDX-License-Identifier: Apache-2.0

import ControlServer
import Glibc
import Logging
import StrategyHost
package import SwarmConfig

/// What of a configuration would fail at the start, as far as that can be seen without starting. Changes nothing.
package enum ConfigurationAdvice {
    /// A line for each value that will not do on this machine, at its place.
    package static func warnings(_ loaded: LoadedConfiguration<DaemonConfiguration>) -> [ConfigurationProblem] {
        let configuration = loaded.value
        var warnings: [ConfigurationProblem] = []
        func warn(_ key: String, _ message: String?) {
            if let message { warnings.append(loaded.problem(with: key, message)) }
        }
        warn("daemon.state_dir", Self.folder(configuration.daemon.stateDirectory, mayBeMade: true))
        warn("daemon.download_dir", Self.folder(configuration.daemon.downloadDirectory, mayBeMade: true))
        warn(
            "daemon.incomplete_dir",
            configuration.daemon.incompleteDirectory.flatMap { Self.folder($0, mayBeMade: true) })
        let socketFolder = Self.parent(of: configuration.daemon.controlSocket)
        // What is below /run the service manager makes when it starts the daemon.
        if !socketFolder.hasPrefix("/run/") {
            warn("daemon.control_socket", Self.folder(socketFolder, mayBeMade: false))
        }
        warn("daemon.plugin_dir", configuration.daemon.pluginDirectory.flatMap { Self.folder($0, mayBeMade: false) })
        warn("daemon.control_group", Self.group(configuration.daemon))
        let quiet = Logger(label: "check") { _ in SwiftLogNoOpLogHandler() }
        warn(
            "peer.block_list", Self.failure { _ = try BlockListFile.read(configuration.peer.blockList, logger: quiet) })
        warn("hook.command", configuration.hook.command.flatMap(Self.program))
        let strategies = Self.strategies(configuration)
        warn("strategy.picker", Self.failure { try strategies.check(.picker, named: configuration.strategy.picker) })
        warn("strategy.choker", Self.failure { try strategies.check(.choker, named: configuration.strategy.choker) })
        let library = StrategyLibrary(host: strategies, logger: quiet)
        warn("strategy.transports", Self.failure { _ = try library.transports(configuration) })
        let plugins = strategies.installed()
        warnings += StrategyOptionProblem.all(in: configuration.strategy.options, plugins.strategies)
            .filter(\.isDoubtful).map { $0.located(in: loaded) }
        return warnings + plugins.errors.map { loaded.problem(with: "daemon.plugin_dir", "\($0)") }
    }

    /// What no daemon would start with: options that the plugins which are there do not take.
    package static func faults(_ loaded: LoadedConfiguration<DaemonConfiguration>) -> [ConfigurationProblem] {
        let hook = HookProblem.find(in: loaded.value.hook).map { [loaded.problem(with: HookProblem.key, $0)] } ?? []
        guard !loaded.value.strategy.options.names.isEmpty else { return hook }
        let plugins = Self.strategies(loaded.value).installed().strategies
        return StrategyOptionProblem.all(in: loaded.value.strategy.options, plugins)
            .filter { !$0.isDoubtful }.map { $0.located(in: loaded) } + hook
    }

    private static func strategies(_ configuration: DaemonConfiguration) -> StrategyHost {
        StrategyHost(
            pluginFolders: configuration.daemon.pluginDirectory.map { [$0] } ?? [],
            logger: Logger(label: "check") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Why a folder cannot be used; one that is missing may do where only its own last part is.
    private static func folder(_ path: String, mayBeMade: Bool) -> String? {
        var status = stat()
        guard stat(path, &status) != 0 else {
            return status.st_mode & S_IFMT == S_IFDIR ? nil : "\(path) is not a folder"
        }
        let reason = "\(path): \(String(cString: strerror(errno)))"
        guard errno == ENOENT, mayBeMade else { return reason }
        return Self.folder(Self.parent(of: path), mayBeMade: false).map { _ in "\(reason), nor is the folder above it" }
    }

    /// Why a program cannot be run by whoever asks.
    private static func program(_ path: String) -> String? {
        access(path, X_OK) == 0 ? nil : "\(path): \(String(cString: strerror(errno)))"
    }

    private static func parent(of path: String) -> String {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        return parent.isEmpty ? "/" : parent
    }

    private static func group(_ settings: DaemonSettings) -> String? {
        guard AccessPolicy(settings).groupNumber == nil else { return nil }
        return "there is no group \(settings.controlGroup): only root and the daemon's own user will be let in; make it"
            + " with: sudo groupadd --system \(settings.controlGroup)"
    }

    private static func failure(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
