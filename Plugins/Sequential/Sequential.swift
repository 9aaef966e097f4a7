// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// The first wanted pieces that a peer has, those of higher priority before the others.
final class Sequential: PieceTablePicker {
    override func pick(for peer: PeerView, into pieces: UnsafeMutableBufferPointer<UInt32>) -> Int {
        let has = peer.pieces
        var found = 0
        for priority in (1...7).reversed() {
            var from = 0
            while found < pieces.count,
                let piece = self.table.firstWanted(of: priority, had: has, from: from, below: self.table.pieceCount)
            {
                pieces[found] = piece
                found += 1
                from = Int(piece) + 1
            }
        }
        return found
    }
}
