// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// Pieces that did not match their hash, while the wrong ones of their blocks are looked for (BEP 52).
extension Swarm {
    /// Who sent each block of a piece that is complete, whoever else was asked; nil for one who has left.
    package func senders(of piece: PieceIndex) -> [PeerSlot?] {
        guard let entry = self.openEntry(of: piece) else { return [] }
        return (0..<Int(self.open[entry].blockCount)).map { block in
            let cell = self.open.cell(block, of: entry)
            return cell.status == .received && cell[0] != BlockCell.gone ? Int(cell[0]) : nil
        }
    }

    /// Whether nobody but `slot` had a hand in a complete piece.
    package func isSoleSender(_ slot: PeerSlot, of piece: PieceIndex) -> Bool {
        self.senders(of: piece).allSatisfy { $0 == slot }
    }

    /// These blocks of a complete piece are wrong, the others right: they are free again, to be fetched from one peer, and
    /// the rest stays. Whether the piece was complete and such blocks were named.
    @discardableResult
    package mutating func blocksFailed(_ blocks: [Int], of piece: PieceIndex) -> Bool {
        guard let entry = self.openEntry(of: piece), self.open[entry].isHashing, !blocks.isEmpty,
            blocks.allSatisfy({ $0 >= 0 && $0 < Int(self.open[entry].blockCount) })
        else { return false }
        for slot in Set(blocks.compactMap { self.senders(of: piece)[$0] }) where self.peers.isActive(slot) {
            self.peers.records[slot].hashFailures &+= 1
        }
        self.open.reopen(entry, blocks)
        return true
    }
}
