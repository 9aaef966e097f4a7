// SPDX-License-Identifier: Apache-2.0

import SwarmPluginKit

/// Tit for tat (Cohen 2003). All slots but one go to the interested peers that send to us fastest. The last slot is
/// optimistic: somebody at random, newcomers three times as likely, for half a minute; whoever had it and gave nothing in
/// return is a quarter as likely the next time. Slots that nobody has earned are given away as well, first to those that have
/// given us something before, then to those that have not had their chance.
///
/// A peer that snubs us earns no slot, and one that did not even take what it was given gets none but the optimistic one
/// while anybody else waits: so a peer whose partners have all fallen silent finds others soon, and not the same ones again.
///
/// When we seed nobody can earn anything: see `SeedTurns`.
final class TitForTat: Choker {
    private static let newcomerWeight = 3

    private var random: RandomSource
    private let optimisticInterval: Int64
    private let turns: SeedTurns
    private var trials = Trials()

    init(_ setup: PluginSetup) {
        self.random = setup.random
        self.optimisticInterval = setup.integer(0) * 1_000_000_000
        self.turns = SeedTurns(interval: setup.integer(0) * 1_000_000_000)
        super.init()
    }

    override func decide(_ round: RoundView, unchoked: UnsafeMutableBufferPointer<UInt8>) {
        let waiting = round.interested
        self.trials.follow(round, patience: self.optimisticInterval / 2)
        if waiting.count <= round.slots {
            self.serve(all: waiting, round, unchoked)
        } else if round.isSeeding {
            let chosen = self.turns.chosen(from: waiting, round, &self.random) { self.trials.isDeaf($0) }
            for index in chosen { unchoked[index] = 1 }
        } else {
            self.reciprocate(waiting, round, unchoked)
        }
    }

    /// With slots enough everybody is served; but of those that are deaf one at a time, so that slots are free for whoever
    /// becomes interested before the next round.
    private func serve(all waiting: [Int], _ round: RoundView, _ unchoked: UnsafeMutableBufferPointer<UInt8>) {
        let candidates = waiting.map { Candidate(index: $0, traits: self.traits(of: $0, round), weight: 1) }
        var gifts = Gifts(left: round.slots, waiting: candidates)
        gifts.give(to: .awake)
        gifts.draw(&self.random, atMost: 1, from: .choked)
        if gifts.given.isEmpty { gifts.give(atMost: 1) }
        for index in gifts.given { unchoked[index] = 1 }
    }

    private func reciprocate(_ waiting: [Int], _ round: RoundView, _ unchoked: UnsafeMutableBufferPointer<UInt8>) {
        for index in waiting where self.trials.isOnTrial(round[index]) && !self.isOngoing(index, round) {
            self.trials.end(round[index])
        }
        let earned = self.ranked(waiting, round)
        let regular = earned.prefix(self.earnedSlots(round, waiting, earned))
        for index in regular { unchoked[index] = 1 }
        self.giveAway(round.slots - regular.count, round, waiting, unchoked)
        for index in waiting { self.trials.setEarned(round[index], regular.contains(index)) }
    }

    /// How many slots are to be earned. A single slot is optimistic now and then.
    private func earnedSlots(_ round: RoundView, _ waiting: [Int], _ earned: [Int]) -> Int {
        guard round.slots <= 1 else { return round.slots - 1 }
        let isLent = waiting.contains { $0 != earned.first && self.isOngoing($0, round) }
        return round.slots == 0 || isLent || self.random.next(below: 4) == 0 ? 0 : 1
    }

    /// Those that have earned a slot, best first; of equals, those that have one.
    private func ranked(_ waiting: [Int], _ round: RoundView) -> [Int] {
        let earned = waiting.filter { round[$0].downRate > 0 && !round[$0].isSnubbed }
        return Precedence.order(
            earned.map { index in
                let peer = round[index]
                return Precedence(
                    index: index, group: 0, rate: peer.downRate, since: peer.isUnchoked ? 0 : 1, tie: peer.serial)
            })
    }

    /// Slots that are not earned. Somebody has one of them whatever came of it before; the others go to those that have given
    /// something before, then to strangers that may be hoped to, and what is left then to others that take it, or nobody.
    /// So one who came early and found slots free does not keep them from those whom we owe. Being tried goes before being
    /// tried next, and that before having had one's time.
    private func giveAway(
        _ count: Int, _ round: RoundView, _ waiting: [Int], _ unchoked: UnsafeMutableBufferPointer<UInt8>
    ) {
        let candidates = waiting.filter { unchoked[$0] == 0 }.map {
            Candidate(index: $0, traits: self.traits(of: $0, round), weight: self.weight(of: round[$0]))
        }
        var gifts = Gifts(left: count, waiting: candidates)
        gifts.give(atMost: 1, to: [.ongoing, .hopeful])
        if gifts.given.isEmpty { gifts.give(atMost: 1, to: .ongoing) }
        if gifts.given.isEmpty { gifts.draw(&self.random, atMost: 1, from: .choked) }
        gifts.give(to: [.ongoing, .proven])
        gifts.draw(&self.random, from: [.choked, .proven])
        gifts.give(to: [.ongoing, .hopeful])
        gifts.draw(&self.random, from: [.choked, .hopeful])
        gifts.give(to: [.ongoing, .awake])
        gifts.draw(&self.random, from: [.choked, .awake])
        gifts.draw(&self.random, from: .awake)
        if gifts.given.isEmpty { gifts.draw(&self.random, atMost: 1) }
        for index in gifts.given { unchoked[index] = 1 }
    }

    private func traits(of index: Int, _ round: RoundView) -> Candidate.Traits {
        let peer = round[index]
        var traits: Candidate.Traits = []
        if self.isOngoing(index, round) { traits.insert(.ongoing) }
        if !peer.isUnchoked { traits.insert(.choked) }
        guard !self.trials.isDeaf(peer) else { return traits }
        traits.insert(.awake)
        guard !peer.isSnubbed, !self.trials.hasFailed(peer) else { return traits }
        traits.insert(self.trials.hasGiven(peer) ? .proven : .hopeful)
        return traits
    }

    /// Whether a peer has a slot that it did not earn, and may keep it: for its time, or half of it when it does not even
    /// take what it is offered.
    private func isOngoing(_ index: Int, _ round: RoundView) -> Bool {
        let peer = round[index]
        guard self.trials.isOnTrial(peer) else { return false }
        let isIdle = peer.upRate == 0 && peer.downRate == 0
        return round.isServed(index, within: isIdle ? self.optimisticInterval / 2 : self.optimisticInterval)
    }

    private func weight(of peer: ChokePeerView) -> Int {
        (peer.isNewcomer ? Self.newcomerWeight : 1) * self.trials.chance(of: peer)
    }
}
