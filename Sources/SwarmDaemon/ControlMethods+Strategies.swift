// SPDX-License-Identifier: Apache-2.0

import ControlWire
import StrategyHost
import SwarmConfig
import SwarmModel

extension ControlMethods {
    /// Every plugin and how it has done, and every file that is none.
    func plugins() async -> DaemonPlugins.Result {
        let found = await self.services.strategies.surveyed()
        let settings = self.services.configuration.strategy
        let plugins = found.strategies.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
        return DaemonPlugins.Result(
            plugins: plugins.map { PluginStatus($0, settings) },
            unusable: found.errors.map { PluginFailure(message: $0.message) })
    }

    /// What decides, in general and for torrents that differ.
    func strategies(_ params: StrategyGet.Params) async throws(ControlError) -> StrategyGet.Result {
        let settings = self.services.configuration.strategy
        return StrategyGet.Result(
            picker: settings.picker, choker: settings.choker, transports: settings.transports,
            torrents: try await self.directory.strategies(params.id))
    }
}

extension PluginStatus {
    /// A plugin as the control protocol tells of it.
    fileprivate init(_ plugin: StrategyDescription, _ settings: StrategySettings) {
        let set = settings.options.bare(plugin.name)
        let isDefault =
            switch plugin.kind {
            case .picker: plugin.name == settings.picker
            case .choker: plugin.name == settings.choker
            case .transport: settings.transports.contains(plugin.name)
            }
        self.init(
            kind: plugin.kind.description, name: plugin.name, version: plugin.version, interface: plugin.interface,
            summary: plugin.summary, path: plugin.path, isDefault: isDefault, calls: Int(clamping: plugin.calls),
            faults: Int(clamping: plugin.faults),
            meanTime: plugin.calls > 0 ? Int(clamping: plugin.nanoseconds / plugin.calls) : nil,
            disabled: plugin.isTurnedOff, options: plugin.options.map { PluginOption($0, set[$0.key]) })
    }
}

extension PluginOption {
    fileprivate init(_ option: StrategyOption, _ value: String?) {
        self.init(
            key: option.key, type: "\(option.kind)", value: value ?? option.defaultValue, default: option.defaultValue,
            minimum: option.limits.map { Int($0.lowerBound) }, maximum: option.limits.map { Int($0.upperBound) },
            help: option.help)
    }
}
