// SPDX-License-Identifier: Apache-2.0

package import SwarmModel
package import Swarming

/// Where a node's picker and choker come from. Each is made once a node, with a seed of its own.
package struct SimulatedStrategy {
    /// Makes a picker.
    package var makePicker: (TorrentGeometry, UInt64) throws -> any PiecePicker
    /// Makes a choker.
    package var makeChoker: (TorrentGeometry, UInt64) throws -> any Choker

    /// From such makers.
    package init(
        makePicker: @escaping (TorrentGeometry, UInt64) throws -> any PiecePicker,
        makeChoker: @escaping (TorrentGeometry, UInt64) throws -> any Choker
    ) {
        self.makePicker = makePicker
        self.makeChoker = makeChoker
    }

    /// The strategies that need no plugin.
    package static var builtIn: SimulatedStrategy {
        SimulatedStrategy(
            makePicker: { RarestPicker(pieceCount: $0.pieceCount, random: SplitMix64(seed: $1)) },
            makeChoker: { _, _ in TurnChoker() })
    }
}
