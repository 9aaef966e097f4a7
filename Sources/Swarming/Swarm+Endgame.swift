// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension Swarm {
    /// How many slow peers one call looks for.
    private static let maximumOwners = 4
    /// Outside the endgame a peer is helped when it has been asked for so long, and will be later by that than a helper that
    /// would do so many times what it owes.
    private static let helpedDelay = Interval.seconds(5)
    private static let helpersLead = 3.0
    /// When those that a block was asked of have sent nothing for so long, one more is asked.
    private static let silence = Interval.seconds(20)

    /// Asks a peer that has nothing else to do for blocks that were asked of others, those of the slowest first, and only
    /// where it is likely to be faster. Outside the endgame it helps with one block at a time, and only where the other is
    /// much slower or silent: in a swarm that waits for its seed everybody is idle, and would fetch twice what is under way
    /// anyhow, most of it from the seed.
    mutating func duplicateBlocks(
        for slot: PeerSlot, limit: Int, at now: Instant, into blocks: inout [BlockRange]
    ) {
        guard self.configuration.maximumRequestsPerBlock > 1, self.open.count > self.open.hashingCount else { return }
        let isEndgame = self.isEndgame
        let delay = isEndgame ? Interval.zero : Self.helpedDelay
        var left = isEndgame ? limit : self.peers.records[slot].outstanding == 0 ? 1 : 0
        var before = Double.infinity
        for _ in 0..<Self.maximumOwners where left > 0 {
            guard let owner = self.slowestOwner(below: before, except: slot, askedFor: delay, at: now) else { return }
            guard owner.time > self.leastTime(worth: owner.slot, of: slot, isEndgame, at: now) else { return }
            left -= self.duplicateBlocks(of: owner, for: slot, limit: left, at: now, into: &blocks)
            before = owner.time
        }
    }

    /// Everything that can be begun has been begun, and every block has been asked of somebody.
    private var isEndgame: Bool {
        guard self.open.freeBlocks == 0 else { return false }
        if self.unopenedCount == 0 { return true }
        // No room for new pieces, and it is peers that hold them up, not the disk.
        return self.open.count >= self.configuration.maximumOpenPieces && self.open.hashingCount * 2 < self.open.count
    }

    private mutating func duplicateBlocks(
        of owner: (slot: PeerSlot, time: Double), for slot: PeerSlot, limit: Int, at now: Instant,
        into blocks: inout [BlockRange]
    ) -> Int {
        var taken = 0
        for entry in self.open.table.indices {
            let open = self.open[entry]
            guard open.isOpen, open.requested > 0, !open.isSolo, self.peers.has(open.piece, slot) else { continue }
            // From the end: the owner sends in order, so these are the ones that it will come to last.
            for block in (0..<Int(open.blockCount)).reversed() {
                let cell = self.open.cell(block, of: entry)
                guard cell.status == .requested, cell.isAsked(of: UInt16(owner.slot)), !cell.isAsked(of: UInt16(slot)),
                    self.mayBeAskedOfMore(cell, at: now), self.open.duplicate(block, of: entry, to: UInt16(slot))
                else { continue }
                blocks.append(self.geometry.block(block, of: open.piece))
                self.peers.records[slot].outstanding += 1
                taken += 1
                guard taken < limit, self.expectedTime(of: slot, at: now) < owner.time else { return taken }
            }
        }
        return taken
    }

    /// Whether a block that was asked of some may be asked of one more. Two that withhold it must not keep it from a third that
    /// would send it.
    private func mayBeAskedOfMore(_ cell: BlockCell, at now: Instant) -> Bool {
        let count = Int(cell.askedCount)
        if count < self.configuration.maximumRequestsPerBlock { return true }
        return (0..<count).allSatisfy { self.isSilent(cell[$0], at: now) }
    }

    private func isSilent(_ asked: UInt16, at now: Instant) -> Bool {
        guard asked < BlockCell.gone else { return true }
        let record = self.peers.records[PeerSlot(asked)]
        return now - max(record.lastBlockAt, record.busySince) >= Self.silence
    }

    /// Of the peers that have owed something for `delay`, the one that will take longest, but less than `limit` seconds. A
    /// rate says little about a peer that was only just asked.
    private mutating func slowestOwner(
        below limit: Double, except slot: PeerSlot, askedFor delay: Interval, at now: Instant
    ) -> (slot: PeerSlot, time: Double)? {
        var slowest: (slot: PeerSlot, time: Double)?
        for other in self.peers.records.indices
        where other != slot && self.peers.records[other].isActive && self.peers.records[other].outstanding > 0
            && now - self.peers.records[other].busySince >= delay
        {
            let time = self.owedTime(of: other, at: now)
            if time < limit, time > slowest?.time ?? -1 { slowest = (other, time) }
        }
        return slowest
    }

    /// Seconds until a peer has probably sent what it owes: by its rate if it has one, and at least as long as it has been
    /// silent.
    private mutating func owedTime(of slot: PeerSlot, at now: Instant) -> Double {
        let record = self.peers.records[slot]
        let rate = self.peers.records[slot].meter.bytesPerSecond(at: now)
        let owed = Double(record.outstanding) * Double(TorrentGeometry.blockLength)
        let silent = (now - max(record.lastBlockAt, record.busySince)).inSeconds
        return rate > 0 ? max(owed / rate, silent) : silent
    }

    /// Seconds that `owner` must be going to take before it is worth asking `slot` as well.
    private mutating func leastTime(
        worth owner: PeerSlot, of slot: PeerSlot, _ isEndgame: Bool, at now: Instant
    ) -> Double {
        let one = self.expectedTime(of: slot, at: now)
        guard !isEndgame else { return one }
        return Self.helpersLead * one * Double(self.peers.records[owner].outstanding) + Self.helpedDelay.inSeconds
    }

    /// Seconds in which a peer would probably send one block more than it owes; a peer without a rate is trusted.
    private mutating func expectedTime(of slot: PeerSlot, at now: Instant) -> Double {
        let rate = self.peers.records[slot].meter.bytesPerSecond(at: now)
        guard rate > 0 else { return 0 }
        let owed = Double(self.peers.records[slot].outstanding + 1) * Double(TorrentGeometry.blockLength)
        return owed / rate
    }
}
