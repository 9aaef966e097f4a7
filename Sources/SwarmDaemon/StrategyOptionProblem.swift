// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmConfig
import SwarmModel

/// Something that is wrong with an option that the configuration sets for a plugin.
struct StrategyOptionProblem: Hashable, Sendable {
    /// The option, as `strategy.name.key`; of a plugin that there is not, `strategy.name`.
    let key: String
    /// What is wrong, and what to write instead.
    let message: String
    /// Whether the name is at fault, and not the value.
    let isAboutName: Bool
    /// Whether it may be none: the plugin is not there to be asked.
    let isDoubtful: Bool

    /// What is wrong with `options`, given the plugins that there are.
    static func all(in options: OptionTables, _ plugins: [StrategyDescription]) -> [StrategyOptionProblem] {
        options.names.flatMap { name -> [StrategyOptionProblem] in
            let known = plugins.filter { $0.name == name }.flatMap(\.options)
            guard plugins.contains(where: { $0.name == name }) else { return [Self.unknown(name, plugins)] }
            return options[name].sorted { $0.key < $1.key }.compactMap { Self.problem(with: $0, $1, of: name, known) }
        }
    }

    /// At its place in the files that say so.
    func located(in loaded: LoadedConfiguration<DaemonConfiguration>) -> ConfigurationProblem {
        self.isAboutName
            ? loaded.problem(withNameOf: self.key, self.message) : loaded.problem(with: self.key, self.message)
    }

    private static func unknown(_ name: String, _ plugins: [StrategyDescription]) -> StrategyOptionProblem {
        let near = NearestName.nearest(to: name, among: plugins.map(\.name))
        return StrategyOptionProblem(
            key: "strategy.\(name)",
            message: "there is no strategy \(name) whose options these could be"
                + (near.map { "; did you mean [strategy.\($0)]?" } ?? ""), isAboutName: true, isDoubtful: true)
    }

    /// What is wrong with the option `key` of the plugin `name`, which has the options `known`. Of two plugins with the same
    /// name but different kinds, either may have the option.
    static func problem(
        with key: String, _ value: OptionValue, of name: String, _ known: [StrategyOption]
    ) -> StrategyOptionProblem? {
        let fitting = known.filter { $0.key == key }
        guard let option = fitting.first else { return Self.unknown(key, of: name, known) }
        guard !fitting.contains(where: { Self.isOfType(value, $0.kind) && $0.accepts(value.bare) }) else { return nil }
        let message =
            Self.isOfType(value, option.kind)
            ? "must be \(option.accepts), found \(value.toml)"
            : "expected \(Self.typeName(option.kind)), found \(value.typeName)"
        return StrategyOptionProblem(
            key: "strategy.\(name).\(key)", message: message, isAboutName: false, isDoubtful: false)
    }

    private static func unknown(_ key: String, of name: String, _ known: [StrategyOption]) -> StrategyOptionProblem {
        let keys = known.map(\.key)
        let near = NearestName.nearest(to: key, among: keys)
        let advice =
            near.map { "did you mean \($0)?" }
            ?? (keys.isEmpty ? "it has none" : "known are \(keys.joined(separator: ", "))")
        return StrategyOptionProblem(
            key: "strategy.\(name).\(key)", message: "\(name) has no such option; \(advice)", isAboutName: true,
            isDoubtful: false)
    }

    private static func isOfType(_ value: OptionValue, _ kind: StrategyOption.Kind) -> Bool {
        switch (value, kind) {
        case (.boolean, .boolean), (.integer, .integer), (.integer, .number), (.number, .number), (.text, .text): true
        case (.boolean, _), (.integer, _), (.number, _), (.text, _): false
        }
    }

    private static func typeName(_ kind: StrategyOption.Kind) -> String {
        switch kind {
        case .boolean: "true or false"
        case .integer: "an integer"
        case .number: "a number"
        case .text: "a string in quotes"
        }
    }
}
