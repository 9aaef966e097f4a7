// SPDX-License-Identifier: Apache-2.0

import SwarmModel

/// A setting with a fixed set of words.
protocol SettingChoice: SettingValue, RawRepresentable<String>, CaseIterable {}

extension SettingChoice {
    init(toml node: TomlNode) throws(SettingFault) {
        let text = try String(toml: node)
        let words = Self.allCases.map(\.rawValue)
        guard let value = Self(rawValue: text) else {
            var message = "expected " + words.map(\.toml).joined(separator: ", ") + ", found \(text.toml)"
            if let near = NearestName.nearest(to: text, among: words) { message += "; did you mean \(near.toml)?" }
            throw SettingFault(node, message)
        }
        self = value
    }

    var toml: String { self.rawValue.toml }

    static var accepts: String {
        let words = Self.allCases.map(\.rawValue.toml)
        return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }
}
