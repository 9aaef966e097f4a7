// SPDX-License-Identifier: Apache-2.0

package import Logging
package import PeerTransport
package import SwarmModel
package import Swarming
import Synchronization

/// Finds, loads and keeps strategies, and makes instances of them for torrents. May be used from any thread.
///
/// A plugin is looked for in the given folders, then beside the running program under the build tree's name
/// (`libswarm_picker_rarest_first.so`), then as `/usr/lib/swarm/plugins/rarest-first.so`. It is loaded once and never
/// unloaded: a changed file takes effect when the program starts again. Before that it is tried in a process of its own.
package final class StrategyHost: Sendable {
    private let folders: [PluginFolder]
    private let requireRootOwned: Bool
    private let probe: PluginProbe?
    private let clock: CallClock
    let logger: Logger
    /// The plugins that are kept out; nil when none ever is.
    let quarantine: PluginQuarantine?
    private let loaded = Mutex<[String: LoadedPlugin]>([:])
    /// What trials led to, so that a file that takes its time to crash costs that once.
    private let tried = Mutex<[String: (file: FileIdentity, verdict: PluginProbe.Verdict)]>([:])

    /// `requireRootOwned` refuses files that do not belong to root or that others may write, as a service must. Files are
    /// tried with `probe` before they are loaded; without one they are loaded at once. By `clock` a call is found to take
    /// longer than it may. What is in `quarantine` is not loaded.
    package init(
        pluginFolders: [String] = [], requireRootOwned: Bool = false, probe: PluginProbe? = .ofThisProgram(),
        clock: CallClock = .monotonic, quarantine: PluginQuarantine? = nil, logger: Logger
    ) {
        var folders = pluginFolders.map { PluginFolder(path: $0, isBuildTree: false) }
        if let own = PluginFolder.ofExecutable() { folders.append(own) }
        folders.append(.installed)
        self.folders = folders
        self.requireRootOwned = requireRootOwned
        self.probe = probe
        self.clock = clock
        self.quarantine = quarantine
        self.logger = logger
    }

    /// A new instance of the picker `name` for a torrent. Equal seeds pick alike. `options` are values by key, as an
    /// operator writes them; those not named have their defaults.
    package func makePicker(
        named name: String, for geometry: TorrentGeometry, options: [String: String] = [:], seed: UInt64
    ) throws(StrategyError) -> sending any PiecePicker {
        let plugin = try self.plugin(.picker, named: name).inUse()
        guard let table = plugin.picker else { throw Self.wrongKind(plugin, .picker) }
        let values = try Self.values(options, of: plugin)
        return try PluginPicker(plugin, table.pointee, for: geometry, values: values, seed: seed, logger: self.logger)
    }

    /// A new instance of the choker `name` for a torrent; otherwise as `makePicker`.
    package func makeChoker(
        named name: String, for geometry: TorrentGeometry, options: [String: String] = [:], seed: UInt64
    ) throws(StrategyError) -> sending any Choker {
        let plugin = try self.plugin(.choker, named: name).inUse()
        guard let table = plugin.choker else { throw Self.wrongKind(plugin, .choker) }
        let values = try Self.values(options, of: plugin)
        return try PluginChoker(plugin, table.pointee, for: geometry, values: values, seed: seed, logger: self.logger)
    }

    /// The transport `name`, ready to serve connections; otherwise as `makePicker`.
    package func makeTransport(
        named name: String, options: [String: String] = [:]
    ) throws(StrategyError) -> Transport {
        let plugin = try self.plugin(.transport, named: name)
        let values = OptionValueTable(try Self.values(options, of: plugin), of: plugin.options)
        return try plugin.makeTransport(values, logger: self.logger)
    }

    /// Whether there is such a plugin that can be loaded and takes such options: throws what `makePicker` would.
    package func check(_ kind: StrategyKind, named name: String, options: [String: String] = [:]) throws(StrategyError)
    {
        _ = try Self.values(options, of: try self.plugin(kind, named: name).inUse())
    }

    /// Every plugin that can be found, loaded for this if it was not; of two with the same kind and name, the one that
    /// would be used. And what is wrong with the others.
    package func installed() -> (strategies: [StrategyDescription], errors: [StrategyError]) {
        var strategies: [StrategyDescription] = []
        var errors: [StrategyError] = []
        var seen: Set<String> = []
        let paths = self.folders.flatMap { $0.files() }
        self.tryTogether(paths)
        for path in paths {
            do throws(StrategyError) {
                let plugin = try self.load(path)
                guard seen.insert("\(plugin.kind) \(plugin.name)").inserted else { continue }
                strategies.append(plugin.description)
            } catch {
                errors.append(error)
            }
        }
        return (strategies, errors)
    }

    private func plugin(_ kind: StrategyKind, named name: String) throws(StrategyError) -> LoadedPlugin {
        guard PluginDescriptionReader.isName(name) else {
            throw StrategyError(code: .notFound, message: "'\(name)' cannot be the name of a \(kind)")
        }
        guard let path = self.folders.lazy.compactMap({ $0.file(of: kind, named: name) }).first else {
            let places = self.folders.map(\.path).joined(separator: ", ")
            throw StrategyError(code: .notFound, message: "there is no \(kind) '\(name)' in \(places)")
        }
        let plugin = try self.load(path)
        guard plugin.kind == kind else { throw Self.wrongKind(plugin, kind) }
        guard plugin.name == name else {
            throw StrategyError(
                code: .wrongPlugin,
                message: "plugin \(path) calls itself '\(plugin.name)', not '\(name)'; rename the file")
        }
        return plugin
    }

    /// The loaded plugin whose calls are marked so.
    func plugin(numbered number: UInt16) -> LoadedPlugin? {
        self.loaded.withLock { $0.values.first { $0.number == number } }
    }

    private func load(_ path: String) throws(StrategyError) -> LoadedPlugin {
        if let plugin = self.loaded.withLock({ $0[path] }) { return plugin }
        let file = try PluginFile(path: path).check(trusted: self.requireRootOwned)
        if let quarantine = self.quarantine, quarantine.contains(path, file) {
            throw StrategyError(
                code: .quarantined,
                message:
                    "plugin \(path) did not come back from a call and held swarmd up, so it stays off; replace the file,"
                    + " or take its line out of \(quarantine.path) to have it tried again")
        }
        if case .bad(let error) = self.verdict(on: path, file) { throw error }
        // Outside the lock: it runs the plugin's code. The linker itself loads a file once, however often it is asked.
        let plugin = try LoadedPlugin(path: path, file: file, clock: self.clock)
        return self.loaded.withLock { loaded in
            if let other = loaded[path] { return other }
            loaded[path] = plugin
            return plugin
        }
    }

    /// What a trial of this file leads to, or has led to.
    private func verdict(on path: String, _ file: FileIdentity) -> PluginProbe.Verdict {
        if let known = self.knownVerdict(on: path, file) { return known }
        guard let probe = self.probe, let verdict = probe.verdicts(on: [path]).first else { return .untried }
        self.tried.withLock { $0[path] = (file, verdict) }
        return verdict
    }

    private func knownVerdict(on path: String, _ file: FileIdentity) -> PluginProbe.Verdict? {
        guard let known = self.tried.withLock({ $0[path] }), known.file == file else { return nil }
        return known.verdict
    }

    /// Tries files that were not tried yet, in as few processes as that takes.
    private func tryTogether(_ paths: [String]) {
        guard let probe = self.probe else { return }
        var candidates: [(path: String, file: FileIdentity)] = []
        for path in paths where self.loaded.withLock({ $0[path] == nil }) {
            let file = try? PluginFile(path: path).check(trusted: self.requireRootOwned)
            if let file, self.knownVerdict(on: path, file) == nil { candidates.append((path, file)) }
        }
        guard !candidates.isEmpty else { return }
        let verdicts = probe.verdicts(on: candidates.map(\.path))
        self.tried.withLock { tried in
            for (candidate, verdict) in zip(candidates, verdicts) { tried[candidate.path] = (candidate.file, verdict) }
        }
    }

    private static func values(
        _ options: [String: String], of plugin: LoadedPlugin
    ) throws(StrategyError) -> [StrategyOptionValue] {
        if let unknown = options.keys.sorted().first(where: { key in !plugin.options.contains { $0.key == key } }) {
            let known = plugin.options.map(\.key).joined(separator: ", ")
            throw StrategyError(
                code: .badOption,
                message:
                    "\(plugin.kind) \(plugin.name) has no option '\(unknown)'; it has: \(known.isEmpty ? "none" : known)"
            )
        }
        var values: [StrategyOptionValue] = []
        for option in plugin.options {
            switch option.read(options[option.key] ?? option.defaultValue) {
            case .success(let value): values.append(value)
            case .failure(let error):
                throw StrategyError(code: error.code, message: "\(plugin.kind) \(plugin.name): \(error.message)")
            }
        }
        return values
    }

    private static func wrongKind(_ plugin: LoadedPlugin, _ wanted: StrategyKind) -> StrategyError {
        StrategyError(code: .wrongPlugin, message: "plugin \(plugin.path) is a \(plugin.kind), not a \(wanted)")
    }
}
