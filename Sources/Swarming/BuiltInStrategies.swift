// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The strategies that need no plugin.
package final class BuiltInStrategies: StrategyMaker {
    /// For all torrents: it knows nothing of them.
    package static let shared = BuiltInStrategies()

    package let pickerName = RarestPicker.builtInName
    package let chokerName = TurnChoker.builtInName

    private init() {}

    package func makePicker(for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
        RarestPicker(pieceCount: geometry.pieceCount, random: SplitMix64(seed: seed))
    }

    package func makeChoker(for geometry: TorrentGeometry, seed: UInt64) -> any Choker { TurnChoker() }
}
