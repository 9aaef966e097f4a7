// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// Appends up to `limit` blocks to ask of a holder that is best asked for long runs of bytes, as a web server is: those that
    /// `nextBlocks` would name of one piece, and the pieces that follow it, as long as they are missing, matter
    /// as much, and nobody has begun them.
    package mutating func nextRun(for slot: PeerSlot, limit: Int, at now: Instant, into blocks: inout [BlockRange]) {
        let first = blocks.count
        let piece = (Int(self.geometry.pieceLength) - 1) / Int(TorrentGeometry.blockLength) + 1
        self.nextBlocks(for: slot, limit: min(limit, piece), at: now, into: &blocks)
        while blocks.count > first, blocks.count - first < limit, let last = blocks.last,
            last.end == self.geometry.length(of: last.piece)
        {
            let next = PieceIndex(last.piece.offset + 1)
            guard self.geometry.contains(next), self.missing[next], self.open.entry(of: next) == nil,
                self.open.count < self.configuration.maximumOpenPieces, self.peers.has(next, slot),
                !self.suspects.contains(next), self.priorities[next.offset] >= self.priorities[last.piece.offset]
            else { return }
            let entry = self.begin(next)
            self.detach(slot)
            self.peers.records[slot].current = Int32(entry)
            self.open.attachWorker(to: entry)
            _ = self.takeBlocks(from: entry, for: slot, limit: limit - (blocks.count - first), into: &blocks)
        }
    }
}
