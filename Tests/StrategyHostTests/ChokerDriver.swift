// SPDX-License-Identifier: Apache-2.0

import StrategyHost
import SwarmModel
import Swarming

/// A choker out of its real library, and rounds of ten seconds over the same interested peers, each remembering whether
/// and since when it is unchoked, as the machine does.
final class ChokerDriver {
    let choker: any Choker
    var peers: [ChokePeer]
    var now = Instant(nanoseconds: 0)
    var isSeeding = false
    var slots: Int

    init(_ name: String, peers count: Int, slots: Int, options: [String: String] = [:], seed: UInt64 = 1) throws {
        self.choker = try Fixture.host().makeChoker(
            named: name, for: Fixture.geometry, options: options, seed: seed)
        self.slots = slots
        self.peers = (0..<count).map {
            var peer = ChokePeer(slot: $0, serial: UInt64($0) + 1, joinedAt: Instant(nanoseconds: 0))
            peer.isInterested = true
            return peer
        }
    }

    /// The peers that are unchoked after the next round.
    func next(seconds: Int64 = 10) -> Set<Int> {
        self.now = self.now + .seconds(seconds)
        var unchoked = Array(repeating: false, count: self.peers.count)
        let round = ChokeRound(now: self.now, isSeeding: self.isSeeding, slots: self.slots, peers: self.peers)
        self.choker.decide(round, unchoked: &unchoked)
        for index in self.peers.indices {
            if unchoked[index], !self.peers[index].isUnchoked { self.peers[index].unchokedAt = self.now }
            self.peers[index].isUnchoked = unchoked[index]
        }
        return Set(self.peers.indices.filter { unchoked[$0] })
    }

    /// Which of the peers in `slots` is asked for a piece.
    func holder(of slots: [Int]) -> Int? {
        let holders = ChokeRound(
            now: self.now, isSeeding: false, slots: self.slots, peers: slots.map { self.peers[$0] })
        return self.choker.chooseHolder(of: PieceIndex(1), among: holders).map { slots[$0] }
    }
}
