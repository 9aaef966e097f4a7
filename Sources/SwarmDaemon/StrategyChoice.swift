// SPDX-License-Identifier: Apache-2.0

import StateStore
import SwarmConfig

/// What decides for one torrent.
struct StrategyChoice: Hashable, Sendable {
    let picker: StrategyUse
    let choker: StrategyUse

    /// The configured strategies.
    init(_ settings: StrategySettings) {
        self.picker = StrategyUse(settings.picker, settings)
        self.choker = StrategyUse(settings.choker, settings)
    }

    /// The torrent's own strategies; where it has none, the configured ones.
    init(_ record: TorrentRecord, _ settings: StrategySettings) {
        self.picker = StrategyUse(record.picker ?? settings.picker, settings)
        self.choker = StrategyUse(record.choker ?? settings.choker, settings)
    }
}
