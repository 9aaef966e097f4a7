// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// Appends up to `limit` blocks to ask of a peer, which count as asked from now on. In this order: the rest of the
    /// piece it works on; pieces that were begun and abandoned; a new piece from the picker, whole and in order for this
    /// peer; the rest of what others work on; in the endgame, blocks that slower peers owe.
    ///
    /// The first new piece of a call may go to another peer instead, if the choker chooses holders: see `takeIdleHolder`.
    ///
    /// Call it when payload has arrived, when a peer unchokes us or has more, after a piece was closed, and on a tick of
    /// about a second, so that the endgame notices peers that have gone silent.
    package mutating func nextBlocks(
        for slot: PeerSlot, limit: Int, at now: Instant, into blocks: inout [BlockRange]
    ) {
        guard limit > 0, self.peers.isActive(slot), !self.peers.records[slot].chokesUs else { return }
        guard self.peers.isInteresting(slot) else { return }
        if self.peers.records[slot].outstanding == 0 { self.peers.records[slot].busySince = now }
        var left = limit
        var mayPass = self.choker?.choosesHolders ?? false
        while left > 0 {
            let entry = Int(self.peers.records[slot].current)
            if entry >= 0, self.open[entry].free > 0 {
                left -= self.takeBlocks(from: entry, for: slot, limit: left, into: &blocks)
            } else if let next = self.nextEntry(for: slot, at: now, &mayPass) {
                self.detach(slot)
                self.peers.records[slot].current = Int32(next)
                self.open.attachWorker(to: next)
            } else {
                break
            }
        }
        guard left > 0, !self.awaitsSuggestion(of: slot, at: now) else { return }
        self.duplicateBlocks(for: slot, limit: left, at: now, into: &blocks)
    }

    /// Stops a peer working on its piece.
    mutating func detach(_ slot: PeerSlot) {
        let entry = self.peers.records[slot].current
        guard entry >= 0 else { return }
        self.peers.records[slot].current = -1
        self.open.detachWorker(from: Int(entry))
    }

    mutating func takeBlocks(
        from entry: Int, for slot: PeerSlot, limit: Int, into blocks: inout [BlockRange]
    ) -> Int {
        let piece = self.open[entry].piece
        let length = self.geometry.length(of: piece)
        let count = min(limit, Int(self.open[entry].free))
        self.open.takeFree(count, from: entry, by: UInt16(slot)) { block in
            let begin = UInt32(block) * TorrentGeometry.blockLength
            let size = min(TorrentGeometry.blockLength, length - begin)
            blocks.append(BlockRange(piece: piece, begin: begin, length: size))
        }
        self.peers.records[slot].outstanding += Int32(count)
        if self.open[entry].free == 0 { self.detach(slot) }
        return count
    }

    private mutating func nextEntry(for slot: PeerSlot, at now: Instant, _ mayPass: inout Bool) -> Int? {
        if let entry = self.suggestedEntry(for: slot) { return entry }
        if self.awaitsSuggestion(of: slot, at: now) { return nil }
        if self.open.looseCount > 0, let entry = self.looseEntry(for: slot) { return entry }
        if let entry = self.newEntry(for: slot, at: now) {
            guard mayPass, !self.open[entry].isSolo else { return entry }
            mayPass = false
            guard let other = self.otherHolder(of: self.open[entry].piece, than: slot, at: now) else { return entry }
            self.pass(entry, to: other)
            // A peer for which there is no other piece shares the one that it passed on: it is never left idle.
            if let entry = self.newEntry(for: slot, at: now) { return entry }
        }
        return self.open.freeBlocks > 0 ? self.sharedEntry(for: slot) : nil
    }

    /// Of the abandoned pieces that the peer has, the one nearest to completion. What the peer has is looked at last: the
    /// rows of many peers are in no cache.
    private func looseEntry(for slot: PeerSlot) -> Int? {
        self.open.giving.fewest { entry in
            let open = self.open[entry]
            return open.isLoose && self.peers.has(open.piece, slot)
        }
    }

    /// Of the pieces that others work on and this peer has, the one with most left to do.
    private func sharedEntry(for slot: PeerSlot) -> Int? {
        self.open.giving.most { entry in
            let open = self.open[entry]
            return !open.isSolo && self.peers.has(open.piece, slot)
        }
    }

    private mutating func newEntry(for slot: PeerSlot, at now: Instant) -> Int? {
        guard self.unopenedCount > 0, self.open.count < self.configuration.maximumOpenPieces else { return nil }
        guard self.peers.records[slot].nothingAt != self.pickGeneration else { return nil }
        guard let answer = self.pick(for: slot, at: now) else {
            self.peers.records[slot].nothingAt = self.pickGeneration
            return nil
        }
        // A picker is code of others: what it may not pick counts as nothing.
        guard Int(answer) < self.geometry.pieceCount else { return nil }
        let piece = PieceIndex(answer)
        guard self.missing[piece], self.open.entry(of: piece) == nil, self.peers.has(piece, slot) else { return nil }
        return self.begin(piece)
    }

    /// Opens a piece that is missing and not under way.
    mutating func begin(_ piece: PieceIndex) -> Int {
        let isSolo = self.suspects.contains(piece)
        let entry = self.open.open(piece, blockCount: self.geometry.blockCount(of: piece), isSolo: isSolo)
        self.unopenedCount -= 1
        self.picker?.setState(piece, .inFlight)
        return entry
    }

    private mutating func pick(for slot: PeerSlot, at now: Instant) -> UInt32? {
        guard let picker = self.picker else { return nil }
        let rate = self.peers.records[slot].meter.bytesPerSecond(at: now)
        let haveCount = Int(self.peers.records[slot].haveCount)
        return self.peers.withSummary(of: slot) { summary in
            self.peers.withRow(of: slot) { row in
                let peer = PickerPeer(
                    slot: slot, haveCount: haveCount, downRate: rate, now: now, summary: summary.baseAddress)
                return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1) { room -> UInt32? in
                    room.initialize(repeating: 0)
                    return picker.pick(for: peer, having: row, into: room) > 0 ? room[0] : nil
                }
            }
        }
    }
}
