// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// Makes what was chosen, for all torrents that it was chosen for.
final class TorrentStrategyMaker: StrategyMaker {
    let choice: StrategyChoice
    let pickerName: String
    let chokerName: String
    private let library: StrategyLibrary

    /// `names` are those of the strategies that will come out of it, as far as can be told before.
    init(_ choice: StrategyChoice, names: (picker: String, choker: String), library: StrategyLibrary) {
        self.choice = choice
        (self.pickerName, self.chokerName) = names
        self.library = library
    }

    func makePicker(for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
        self.library.picker(self.choice.picker, for: geometry, seed: seed)
    }

    func makeChoker(for geometry: TorrentGeometry, seed: UInt64) -> any Choker {
        self.library.choker(self.choice.choker, for: geometry, seed: seed)
    }
}
