// SPDX-License-Identifier: Apache-2.0

import SwarmModel

extension Swarm {
    /// Peers looked at to find other holders of one piece, and holders shown to the choker.
    private static let maximumLooks = 128
    private static let maximumHolders = 16

    /// A peer that was given a piece although nothing is outstanding from it, so that no data will remind the caller to ask
    /// for its next blocks: to be asked now. Nil when there is none; each is told once.
    package mutating func takeIdleHolder() -> PeerSlot? {
        defer { self.idleHolder = nil }
        return self.idleHolder
    }

    /// The holder that the choker prefers to `slot` for a piece that was just opened; nil when it is that, or when nobody
    /// else could take it now.
    mutating func otherHolder(of piece: PieceIndex, than slot: PeerSlot, at now: Instant) -> PeerSlot? {
        var peers: [ChokePeer] = []
        let count = self.peers.records.count
        // From the next one on, so that each comes into sight where there are very many.
        for step in 1..<min(count, Self.maximumLooks + 1) where peers.count < Self.maximumHolders {
            let other = slot + step < count ? slot + step : slot + step - count
            guard self.isFree(other), self.peers.has(piece, other) else { continue }
            if peers.isEmpty { peers.append(self.holder(slot, at: now)) }
            peers.append(self.holder(other, at: now))
        }
        guard !peers.isEmpty else { return nil }
        let holders = ChokeRound(
            now: now, isSeeding: self.isFinished, slots: self.uploadSlotCount, peers: peers)
        // A choker is code of others.
        guard let chosen = self.choker?.chooseHolder(of: piece, among: holders), peers.indices.contains(chosen),
            chosen > 0
        else { return nil }
        return peers[chosen].slot
    }

    /// Gives an open piece to a peer that works on nothing.
    mutating func pass(_ entry: Int, to slot: PeerSlot) {
        self.peers.records[slot].current = Int32(entry)
        self.open.attachWorker(to: entry)
        if self.peers.records[slot].outstanding == 0 { self.idleHolder = slot }
    }

    /// Lets us ask, and works on no piece.
    private func isFree(_ slot: PeerSlot) -> Bool {
        let record = self.peers.records[slot]
        return record.isActive && !record.chokesUs && record.current < 0
    }

    private mutating func holder(_ slot: PeerSlot, at now: Instant) -> ChokePeer {
        let rate = self.peers.records[slot].meter.bytesPerSecond(at: now)
        return self.chokePeer(slot, at: now, downRate: rate, upRate: self.peers.records[slot].upRate)
    }
}
