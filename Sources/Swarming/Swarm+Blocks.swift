// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// The entry whose buffer takes the payload of `block`, or nil when the payload is to be dropped: not a block of this
    /// torrent, its piece not under way or complete already, or the block there already. Entries are small numbers, used
    /// again: keep buffers in an array by them.
    ///
    /// Ask again for each run of bytes written, because somebody else's copy may complete in between.
    package func acceptsPayload(_ slot: PeerSlot, _ block: BlockRange) -> Int? {
        guard self.peers.isActive(slot), let place = self.place(of: block) else { return nil }
        return self.open.cell(place.block, of: place.entry).status == .received ? nil : place.entry
    }

    /// Where the next bytes of `block` from `slot` go; `isFirst` for those that it begins with. Whoever begins a block first
    /// writes into the buffer until it is through or gone, so that the bytes in there are of one peer. Ask for each run of
    /// bytes, because somebody else's copy may be whole in between.
    package mutating func place(of block: BlockRange, from slot: PeerSlot, isFirst: Bool) -> PayloadPlace {
        guard self.peers.isActive(slot), let place = self.place(of: block) else { return .nowhere }
        let cell = self.open.cell(place.block, of: place.entry)
        guard cell.status != .received else { return .nowhere }
        if cell.writer == UInt16(slot) { return .buffer(place.entry) }
        guard isFirst, cell.writer == BlockCell.none else { return .aside(place.entry) }
        self.open.setWriter(UInt16(slot), of: place.block, place.entry)
        return .buffer(place.entry)
    }

    /// Makes `slot` the one whose bytes of `block` are in the buffer, because it has the whole of it to write there. Whether
    /// the block is wanted still.
    package mutating func claim(_ block: BlockRange, for slot: PeerSlot) -> Bool {
        guard self.acceptsPayload(slot, block) != nil, let place = self.place(of: block) else { return false }
        self.open.setWriter(UInt16(slot), of: place.block, place.entry)
        return true
    }

    /// Whether the bytes of `block` in the buffer are those of `slot`.
    package func isWriter(_ slot: PeerSlot, of block: BlockRange) -> Bool {
        guard self.peers.isActive(slot), let place = self.place(of: block) else { return false }
        return self.open.cell(place.block, of: place.entry).writer == UInt16(slot)
    }

    /// The entry under which a piece is under way.
    package func openEntry(of piece: PieceIndex) -> Int? {
        self.geometry.contains(piece) ? self.open.entry(of: piece) : nil
    }

    /// A peer's block has come, whole, and was written to the buffer if `acceptsPayload` said so. Appends the requests
    /// that it made needless. A block that was not asked of this peer is taken as well, as it may come after its time.
    package mutating func blockReceived(
        from slot: PeerSlot, _ block: BlockRange, at now: Instant, cancels: inout [BlockCancel]
    ) -> BlockOutcome {
        guard self.peers.isActive(slot) else { return .unwanted }
        self.peers.records[slot].lastBlockAt = now
        self.peers.records[slot].meter.add(Int(block.length))
        guard let place = self.place(of: block) else {
            return self.geometry.blockIndex(of: block) != nil && self.have[block.piece] ? .duplicate : .unwanted
        }
        let cell = self.open.cell(place.block, of: place.entry)
        guard cell.status != .received else { return .duplicate }
        for position in 0..<Int(cell.askedCount) {
            let asked = Int(cell[position])
            self.peers.records[asked].outstanding -= 1
            if asked != slot { cancels.append(BlockCancel(slot: asked, block: block)) }
        }
        let isLast = self.open.receive(place.block, of: place.entry, from: UInt16(slot))
        return isLast ? .completesPiece : .accepted
    }

    /// A block asked of a peer will not come: rejected, timed out, or cancelled by us. Nothing happens when it was not
    /// asked or has come.
    package mutating func blockLost(from slot: PeerSlot, _ block: BlockRange) {
        guard self.peers.isActive(slot), let place = self.place(of: block) else { return }
        guard self.open.release(place.block, of: place.entry, by: UInt16(slot)) else { return }
        self.peers.records[slot].outstanding -= 1
    }

    /// Where a block lies that may still come.
    private func place(of block: BlockRange) -> (entry: Int, block: Int)? {
        guard let index = self.geometry.blockIndex(of: block), let entry = self.open.entry(of: block.piece) else {
            return nil
        }
        return self.open[entry].isHashing ? nil : (entry, index)
    }
}
