// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Interval {
    private static let units = UnitTable(
        what: "a duration", baseUnit: "s",
        units: [
            ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000), ("h", 3_600_000_000_000),
            ("d", 86_400_000_000_000),
        ], alsoRead: [])

    /// As configuration files write it, with the largest unit that divides it: `5 s`, `30 min`.
    package var settingText: String { Self.units.text(of: self.nanoseconds) }
}

extension Interval: SettingValue {
    init(toml node: TomlNode) throws(SettingFault) {
        self.init(nanoseconds: try Self.units.read(node))
    }

    var toml: String { self.settingText.toml }

    static var accepts: String { "a duration" }
}
