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
        while blocks.count > first, blocks.count - first < limit, let last = blocks.last {
            let room = limit - (blocks.count - first)
            let current = Int(self.peers.records[slot].current)
            if current >= 0, self.open[current].free > 0 {
                _ = self.takeBlocks(from: current, for: slot, limit: room, into: &blocks)
                continue
            }
            let next = PieceIndex(last.piece.offset + 1)
            guard last.end == self.geometry.length(of: last.piece), self.mayBegin(next, after: last.piece, slot) else {
                return
            }
            let entry = self.begin(next)
            self.detach(slot)
            self.peers.records[slot].current = Int32(entry)
            self.open.attachWorker(to: entry)
            _ = self.takeBlocks(from: entry, for: slot, limit: room, into: &blocks)
        }
    }

    /// Whether a run that has come to the end of a piece goes on with the next one.
    private func mayBegin(_ next: PieceIndex, after piece: PieceIndex, _ slot: PeerSlot) -> Bool {
        self.geometry.contains(next) && self.missing[next] && self.open.entry(of: next) == nil
            && self.open.count < self.configuration.maximumOpenPieces && self.peers.has(next, slot)
            && !self.suspects.contains(next) && self.priority(of: next) >= self.priority(of: piece)
    }
}
