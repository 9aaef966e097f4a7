// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension Configuration {
    /// The key of this dotted name.
    package static func key(named name: String) -> SettingKey<Self>? {
        Self.keys.first { $0.dottedName == name }
    }

    /// The dotted name that a mistyped one was probably meant to be.
    package static func nearestKey(to name: String) -> String? {
        if let home = Self.keys.first(where: { $0.name == name }) { return home.dottedName }
        if let near = NearestName.nearest(to: name, among: Self.keys.map(\.dottedName)) { return near }
        let last = name.split(separator: ".").last.map(String.init)
        if let home = Self.keys.first(where: { $0.name == last }) { return home.dottedName }
        return NearestName.nearest(to: name, among: Self.keys.map(\.name)).flatMap { near in
            Self.keys.first { $0.name == near }?.dottedName
        }
    }

    /// The rules across keys that these values break, each with the key it is about and the one it is compared with.
    package func brokenRules() -> [(key: String, against: String, message: String)] {
        Self.rules.compactMap { rule in rule.complaint(self).map { (rule.key, rule.against, $0) } }
            + self.optionComplaints.map { ($0.key, $0.key, $0.message) }
    }
}
