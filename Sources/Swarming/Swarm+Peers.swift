// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// A peer connected and took a free slot. It has nothing, chokes us and is choked until told otherwise.
    package mutating func peerJoined(_ slot: PeerSlot, at now: Instant) {
        precondition(slot >= 0 && slot < Self.maximumSlots, "slot \(slot) of \(Self.maximumSlots)")
        precondition(!self.peers.isActive(slot), "slot \(slot) is taken")
        self.endRest()
        self.peers.join(slot, at: now)
    }

    /// A peer disconnected: what was asked of it is free again, its slot may be given to another. Nothing happens when
    /// the slot is free.
    package mutating func peerLeft(_ slot: PeerSlot, at now: Instant) {
        guard self.peers.isActive(slot) else { return }
        self.releaseAll(of: slot)
        self.open.forget(UInt16(slot))
        self.replacePieces(of: slot, count: 0) { _ in 0 }
        let wasServed = self.peers.records[slot].isUnchoked && self.peers.records[slot].isInterested
        self.peers.leave(slot)
        self.suggestions[slot] = nil
        if wasServed { self.slotFreed(at: now) }
    }

    /// A peer told all that it has, by BITFIELD, HAVE ALL or HAVE NONE: replaces what was known. The bitfield has one
    /// bit for each piece.
    package mutating func peerHasPieces(_ slot: PeerSlot, _ bitfield: Bitfield) {
        precondition(bitfield.count == self.geometry.pieceCount, "\(bitfield.count) bits for this torrent")
        guard self.peers.isActive(slot) else { return }
        self.replacePieces(of: slot, count: bitfield.setCount) { bitfield.words[$0] }
        self.peers.records[slot].nothingAt = 0
    }

    /// A peer told of one piece more (HAVE). Nothing happens when the torrent has no such piece or it was known.
    package mutating func peerHas(_ slot: PeerSlot, _ piece: PieceIndex) {
        guard self.peers.isActive(slot), self.geometry.contains(piece) else { return }
        guard self.peers.insert(piece, slot) else { return }
        self.holders.gain(piece)
        self.picker?.pieceGained(piece)
        if self.missing[piece] {
            self.peers.noteMissing(piece, of: slot)
            self.peers.records[slot].nothingAt = 0
        }
    }

    /// A peer chokes us. Unless it promised to answer what is outstanding all the same (`keepsRequests`, BEP 6), every
    /// block asked of it is free again.
    package mutating func peerChokedUs(_ slot: PeerSlot, keepsRequests: Bool = false) {
        guard self.peers.isActive(slot) else { return }
        self.peers.records[slot].chokesUs = true
        if keepsRequests { self.detach(slot) } else { self.releaseAll(of: slot) }
    }

    /// A peer unchokes us: it may be asked.
    package mutating func peerUnchokedUs(_ slot: PeerSlot) {
        guard self.peers.isActive(slot) else { return }
        self.peers.records[slot].chokesUs = false
    }

    /// A peer tells whether it is interested in us. When a slot is free for it, it is unchoked at once: the change is
    /// returned and counts as made.
    package mutating func peerInterest(_ slot: PeerSlot, _ isInterested: Bool, at now: Instant) -> UnchokeChange? {
        guard self.peers.isActive(slot), self.peers.records[slot].isInterested != isInterested else { return nil }
        self.peers.records[slot].isInterested = isInterested
        guard isInterested else {
            if self.peers.records[slot].isUnchoked { self.slotFreed(at: now) }
            return nil
        }
        guard !self.peers.records[slot].isUnchoked, self.servedCount < self.uploadSlotCount else { return nil }
        self.peers.records[slot].isUnchoked = true
        self.peers.records[slot].unchokedAt = now
        return UnchokeChange(slot: slot, isUnchoked: true)
    }

    /// Whether the peer has a piece that we miss. Costs nothing.
    package func isInteresting(_ slot: PeerSlot) -> Bool {
        self.peers.isActive(slot) && self.peers.isInteresting(slot)
    }

    /// Whether the peer may ask us.
    package func isUnchoked(_ slot: PeerSlot) -> Bool {
        self.peers.isActive(slot) && self.peers.records[slot].isUnchoked
    }

    /// Whether the peer has every piece.
    package func isSeed(_ slot: PeerSlot) -> Bool { self.peers.isActive(slot) && self.peers.isSeed(slot) }

    /// Pieces that the peer has.
    package func haveCount(of slot: PeerSlot) -> Int {
        self.peers.isActive(slot) ? Int(self.peers.records[slot].haveCount) : 0
    }

    /// Whether the peer has `piece`, which must exist.
    package func peer(_ slot: PeerSlot, has piece: PieceIndex) -> Bool {
        self.peers.isActive(slot) && self.peers.has(piece, slot)
    }

    /// Blocks asked of the peer that have neither come nor been lost.
    package func outstandingCount(of slot: PeerSlot) -> Int {
        self.peers.isActive(slot) ? Int(self.peers.records[slot].outstanding) : 0
    }

    private mutating func replacePieces(of slot: PeerSlot, count: Int, _ newWord: (Int) -> UInt64) {
        var lost: [UInt64] = []
        var gained: [UInt64] = []
        var lostCount = 0
        var gainedCount = 0
        lost.reserveCapacity(self.peers.wordsPerRow)
        gained.reserveCapacity(self.peers.wordsPerRow)
        for index in 0..<self.peers.wordsPerRow {
            let old = self.peers.word(index, of: slot)
            let new = newWord(index)
            lost.append(old & ~new)
            gained.append(new & ~old)
            lostCount += (old & ~new).nonzeroBitCount
            gainedCount += (new & ~old).nonzeroBitCount
            self.peers.setWord(index, of: slot, to: new)
        }
        self.peers.records[slot].haveCount = Int32(count)
        self.peers.findLast(of: slot, in: 0..<self.peers.wordsPerRow, self.missing)
        if lostCount > 0 {
            lost.withUnsafeBufferPointer {
                self.holders.lose($0, count: lostCount)
                self.picker?.piecesLost($0, count: lostCount)
            }
        }
        if gainedCount > 0 {
            gained.withUnsafeBufferPointer {
                self.holders.gain($0, count: gainedCount)
                self.picker?.piecesGained($0, count: gainedCount)
            }
        }
    }

    /// Takes back every block asked of `slot` and stops it working on its piece.
    private mutating func releaseAll(of slot: PeerSlot) {
        self.detach(slot)
        var outstanding = self.peers.records[slot].outstanding
        guard outstanding > 0 else { return }
        for entry in self.open.table.indices where self.open[entry].isOpen && self.open[entry].requested > 0 {
            for block in 0..<Int(self.open[entry].blockCount)
            where self.open.release(block, of: entry, by: UInt16(slot)) {
                outstanding -= 1
            }
            if outstanding == 0 { break }
        }
        self.peers.records[slot].outstanding = 0
    }
}
