// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmConfig

extension SettingKey<DaemonConfiguration> {
    /// The options of these plugins as keys of the configuration: `strategy.deadline.window`. Of two plugins with the same
    /// name but different kinds, either may have the option.
    static func options(of plugins: [StrategyDescription]) -> [SettingKey<DaemonConfiguration>] {
        var seen: Set<String> = []
        return plugins.flatMap { plugin in
            let known = plugins.filter { $0.name == plugin.name }.flatMap(\.options)
            return plugin.options.map { Self.option($0, of: plugin, known) }
        }.filter { seen.insert($0.dottedName).inserted }
    }

    private static func option(
        _ option: StrategyOption, of plugin: StrategyDescription, _ known: [StrategyOption]
    ) -> SettingKey<DaemonConfiguration> {
        // Connections keep the transports that the daemon began with.
        let effect: SettingEffect =
            switch plugin.kind {
            case .picker, .choker: .live
            case .transport: .restart
            }
        return SettingKey(
            option: option.key, of: plugin.name, in: "strategy", \.strategy.options,
            default: OptionValue(option.defaultValue, option.kind), effect, accepts: option.accepts,
            help: option.help,
            check: { StrategyOptionProblem.problem(with: option.key, $0, of: plugin.name, known)?.message })
    }
}

extension OptionValue {
    /// A value as a plugin writes it; what is not of its kind is taken for text.
    init(_ text: String, _ kind: StrategyOption.Kind) {
        switch kind {
        case .boolean where text == "true" || text == "false": self = .boolean(text == "true")
        case .integer: self = Int64(text).map { .integer($0) } ?? .text(text)
        case .number: self = Double(text).map { .number($0) } ?? .text(text)
        case .boolean, .text: self = .text(text)
        }
    }
}
