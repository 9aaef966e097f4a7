// SPDX-License-Identifier: Apache-2.0

import SwarmConfig

/// A strategy and what is set of it: two that are equal decide alike.
struct StrategyUse: Hashable, Sendable {
    /// How operators call it.
    let name: String
    /// Values by option, as plugins are given them.
    let options: [String: String]

    init(_ name: String, _ settings: StrategySettings) {
        self.name = name
        self.options = settings.options.bare(name)
    }
}
