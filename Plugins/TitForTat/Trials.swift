// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// What came of the slots that peers got without earning them. By the peers' places, a few bytes each.
struct Trials {
    /// Failures after which the chance falls no further.
    private static let mostFailures: UInt8 = 2

    private struct Entry {
        var serial: UInt64 = 0
        var failures: UInt8 = 0
        var hasGiven = false
        var hasEarned = false
        var isCounted = false
        var isDeaf = false
        /// It took something in a slot that it has not earned, and has sent nothing since.
        var isOwing = false
    }

    private var entries: [Entry] = []

    /// Notes what peers did until this round: who sends something has paid for all that it got, who has had a slot for
    /// `patience` nanoseconds and does not even take anything is deaf, and who took something and now wants no more, or has
    /// lost its slot, has failed as if its time were over. Whoever serves nobody lacks what everybody has, takes that from
    /// each that comes, and has it long before its time is over.
    mutating func follow(_ round: RoundView, patience: Int64) {
        for index in 0..<round.peerCount {
            let peer = round[index]
            let place = Int(peer.slot)
            while self.entries.count <= place { self.entries.append(Entry()) }
            if self.entries[place].serial != peer.serial {
                self.entries[place] = Entry()
                self.entries[place].serial = peer.serial
            }
            if self.isOnTrial(peer), peer.upRate > 0 { self.entries[place].isOwing = true }
            if self.entries[place].isOwing, !peer.isUnchoked || !peer.isInterested { self.end(peer) }
            if !peer.isUnchoked { self.entries[place].isCounted = false }
            if peer.downRate > 0 || peer.upRate > 0 {
                self.entries[place].isDeaf = false
            } else if peer.isUnchoked, !round.isServed(index, within: patience) {
                self.entries[place].isDeaf = true
            }
            guard peer.downRate > 0 else { continue }
            self.entries[place].failures = 0
            self.entries[place].hasGiven = true
            self.entries[place].isOwing = false
        }
    }

    /// Whether a peer has a slot that it did not earn.
    func isOnTrial(_ peer: ChokePeerView) -> Bool { peer.isUnchoked && !self.entries[Int(peer.slot)].hasEarned }

    /// Whether its slot was in vain the last time, and it has sent nothing since.
    func hasFailed(_ peer: ChokePeerView) -> Bool { self.entries[Int(peer.slot)].failures > 0 }

    /// Whether it did not take what it was offered the last time: it has probably fallen silent.
    func isDeaf(_ peer: ChokePeerView) -> Bool { self.entries[Int(peer.slot)].isDeaf }

    /// Whether it has ever sent us something.
    func hasGiven(_ peer: ChokePeerView) -> Bool { self.entries[Int(peer.slot)].hasGiven }

    /// How likely it is to be given a slot: 8 when it has sent us something, and 4 when it never has; a quarter as much for
    /// each failure since, but 1 at least.
    func chance(of peer: ChokePeerView) -> Int {
        let entry = self.entries[Int(peer.slot)]
        return max(1, (entry.hasGiven ? 8 : 4) >> (2 * Int(entry.failures)))
    }

    /// The time of a peer on trial is over: it has failed when it sends nothing.
    mutating func end(_ peer: ChokePeerView) {
        let place = Int(peer.slot)
        self.entries[place].isOwing = false
        guard peer.downRate == 0, !self.entries[place].isCounted else { return }
        self.entries[place].isCounted = true
        self.entries[place].failures = min(self.entries[place].failures + 1, Self.mostFailures)
    }

    /// Whether it has earned the slot that it gets, if it gets one.
    mutating func setEarned(_ peer: ChokePeerView, _ hasEarned: Bool) {
        self.entries[Int(peer.slot)].hasEarned = hasEarned
    }
}
