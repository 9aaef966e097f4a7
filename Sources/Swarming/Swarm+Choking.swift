// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

extension Swarm {
    /// The least time between two rounds, when one is hastened because a slot became free.
    private static let minimumRoundInterval = Interval.seconds(1)

    /// Decides anew whom to serve; call it when `nextChokeRound` has come. `traffic` has the rates of peers, in any
    /// order; peers it does not name count as idle. Returns what changed, which counts as made.
    package mutating func chokeRound(at now: Instant, traffic: [PeerTraffic]) -> [UnchokeChange] {
        self.lastChokeRound = now
        self.nextChokeRound = now + self.configuration.chokeInterval
        let round = self.makeRound(at: now, traffic: traffic)
        self.uploadSlotCount = round.slots
        var unchoked = Array(repeating: false, count: round.peers.count)
        self.choker?.decide(round, unchoked: &unchoked)
        guard unchoked.count == round.peers.count else { return [] }
        var changes: [UnchokeChange] = []
        var room = round.slots
        for (index, peer) in round.peers.enumerated() {
            // A choker is code of others: more than the slots are not given away.
            let isServed = unchoked[index] && (!peer.isInterested || room > 0)
            if isServed, peer.isInterested { room -= 1 }
            guard isServed != peer.isUnchoked else { continue }
            self.peers.records[peer.slot].isUnchoked = isServed
            if isServed { self.peers.records[peer.slot].unchokedAt = now }
            changes.append(UnchokeChange(slot: peer.slot, isUnchoked: isServed))
        }
        return changes
    }

    /// Tells how many bytes a second are sent at present. Where somebody waits and so much allows for a good many more slots
    /// than there are, the next round is hastened: a swarm that has just begun need not wait for it with the few slots that
    /// one begins with.
    package mutating func noteUploadRate(_ bytesPerSecond: Double, at now: Instant) {
        let slots = self.configuration.uploadSlots.count(atRate: bytesPerSecond)
        guard slots > self.uploadSlotCount + self.uploadSlotCount / 4 else { return }
        self.slotFreed(at: now)
    }

    /// Interested peers that are unchoked, or about to be.
    var servedCount: Int {
        self.peers.records.count { $0.isActive && $0.isInterested && $0.isUnchoked }
    }

    /// Hastens the next round when somebody waits for the slot that became free.
    mutating func slotFreed(at now: Instant) {
        guard self.peers.records.contains(where: { $0.isActive && $0.isInterested && !$0.isUnchoked }) else { return }
        let soon = max(now, self.lastChokeRound + Self.minimumRoundInterval)
        self.nextChokeRound = min(self.nextChokeRound, soon)
    }

    private mutating func makeRound(at now: Instant, traffic: [PeerTraffic]) -> ChokeRound {
        var rates = Array(repeating: (down: 0.0, up: 0.0), count: self.peers.records.count)
        var upload = 0.0
        for entry in traffic where rates.indices.contains(entry.slot) {
            rates[entry.slot] = (entry.downRate, entry.upRate)
            upload += entry.upRate
        }
        var peers: [ChokePeer] = []
        for slot in self.peers.records.indices where self.peers.records[slot].isActive {
            self.peers.records[slot].upRate = rates[slot].up
            peers.append(self.chokePeer(slot, at: now, downRate: rates[slot].down, upRate: rates[slot].up))
        }
        let slots = self.slotCount(atRate: upload, wanting: peers.count { $0.isInterested }, at: now)
        return ChokeRound(now: now, isSeeding: self.isFinished, slots: slots, peers: peers)
    }

    /// How many are served, `wanting` peers being interested: by the rate at which we send, and no more than
    /// `InitialSeeding` says while we alone have some of the pieces and no plan keeps us from sending one twice.
    private mutating func slotCount(atRate rate: Double, wanting: Int, at now: Instant) -> Int {
        let count = self.configuration.uploadSlots.count(atRate: rate)
        switch self.configuration.uploadSlots {
        case .fixed: return count
        case .automatic:
            guard !self.sendsByPlan, self.isComplete, self.holders.isAnyUnheld, !self.areAllHeldElsewhere else {
                return count
            }
            self.initialSeeding.advance(
                rate: rate, wanting: wanting, interval: self.configuration.chokeInterval, at: now)
            return self.initialSeeding.count
        }
    }

    /// Whether the tracker has counted somebody besides us for each piece.
    private var areAllHeldElsewhere: Bool { !self.trackerCounts.isEmpty && self.trackerCounts.allSatisfy { $0 > 1 } }

    /// What a choker sees of a connected peer.
    func chokePeer(_ slot: PeerSlot, at now: Instant, downRate: Double, upRate: Double) -> ChokePeer {
        let record = self.peers.records[slot]
        let newcomerTime = Interval(nanoseconds: 3 * self.configuration.chokeInterval.nanoseconds)
        var peer = ChokePeer(slot: slot, serial: record.serial, joinedAt: record.joinedAt)
        peer.isInterested = record.isInterested
        peer.isUnchoked = record.isUnchoked
        peer.isSeed = self.peers.isSeed(slot)
        peer.isNewcomer = now - record.joinedAt < newcomerTime
        peer.isSnubbed = self.peers.isInteresting(slot) && now - record.lastBlockAt > self.configuration.snubTime
        peer.downRate = downRate
        peer.upRate = upRate
        peer.unchokedAt = record.unchokedAt
        return peer
    }
}
