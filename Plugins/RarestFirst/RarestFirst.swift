// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Rarest first (Cohen 2003): of the pieces a peer has, one that fewest others have. Higher priorities go before; the
/// first few pieces are picked at random, because the rarest have fewest to fetch them from. Not for a peer that has
/// everything: what nobody else has is to be had there only, and a seed's time is not to be spent on the rest.
final class RarestFirst: RarityPicker {
    private let randomFirst: Int

    override init(_ setup: PluginSetup) {
        self.randomFirst = Int(setup.integer(0))
        super.init(setup)
    }

    override func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        guard self.table.startedCount >= self.randomFirst || peer.haveCount == self.table.pieceCount else {
            return self.anyone(for: peer, excluding: 0..<0, into: pieces)
        }
        return self.rarest(for: peer, excluding: 0..<0, into: pieces)
    }
}
