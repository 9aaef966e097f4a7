// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// Chooses the peers in `chosen`, whatever the slots, and remembers the question.
private final class SetChoker: Choker {
    let name = "set"
    var chosen: Set<PeerSlot> = []
    var last: ChokeRound?

    func decide(_ round: ChokeRound, unchoked: inout [Bool]) {
        self.last = round
        for (index, peer) in round.peers.enumerated() { unchoked[index] = self.chosen.contains(peer.slot) }
    }
}

@Suite struct ChokingTests {
    private func torrent(slots: Int, choker: any Choker = TurnChoker(), have: [Int] = []) -> Torrent {
        var configuration = SwarmConfiguration()
        configuration.uploadSlots = .fixed(slots)
        return Torrent(have: have, configuration: configuration, choker: choker)
    }

    @Test func `a peer that becomes interested is served at once while a slot is free`() {
        let torrent = self.torrent(slots: 2)
        for slot in 0..<3 { torrent.join(slot) }
        let changes = (0..<3).map { torrent.interest($0, true) }
        #expect(changes[0] == UnchokeChange(slot: 0, isUnchoked: true))
        #expect(changes[1] == UnchokeChange(slot: 1, isUnchoked: true))
        #expect(changes[2] == nil)
        #expect(torrent.interest(0, true) == nil, "told twice")
    }

    @Test func `a slot that becomes free hastens the next round, but not below a second`() {
        let torrent = self.torrent(slots: 1)
        for slot in 0..<2 { torrent.join(slot) }
        _ = torrent.interest(0, true)
        _ = torrent.interest(1, true)
        #expect(torrent.swarm.nextChokeRound == torrent.now + .seconds(10))
        torrent.now = torrent.now + .milliseconds(100)
        torrent.swarm.peerLeft(0, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == Instant(nanoseconds: 1_000_000_000))
        torrent.now = torrent.swarm.nextChokeRound
        #expect(torrent.round([]) == [UnchokeChange(slot: 1, isUnchoked: true)])
        #expect(torrent.swarm.nextChokeRound == torrent.now + .seconds(10))
    }

    @Test func `a rate that allows for many more slots hastens the next round, when somebody waits`() {
        var configuration = SwarmConfiguration()
        configuration.uploadSlots = .automatic
        let torrent = Torrent(have: [0], configuration: configuration)
        for slot in 0..<8 { torrent.join(slot) }
        for slot in 0..<4 { _ = torrent.interest(slot, true) }
        torrent.now = torrent.now + .seconds(2)
        torrent.swarm.noteUploadRate(1_000_000, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == Instant(nanoseconds: 10_000_000_000), "nobody waits")
        for slot in 4..<8 { #expect(torrent.interest(slot, true) == nil) }
        torrent.swarm.noteUploadRate(50_000, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == Instant(nanoseconds: 10_000_000_000), "five slots are hardly more")
        torrent.swarm.noteUploadRate(1_000_000, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == torrent.now)
        let changes = torrent.round((0..<4).map { PeerTraffic(slot: $0, downRate: 0, upRate: 250_000) })
        #expect(changes.map(\.slot) == [4, 5, 6, 7] && changes.allSatisfy(\.isUnchoked))
        torrent.swarm.noteUploadRate(1_000_000, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == torrent.now + .seconds(10))
    }

    @Test func `nobody waiting, nothing is hastened`() {
        let torrent = self.torrent(slots: 1)
        torrent.join(0)
        _ = torrent.interest(0, true)
        _ = torrent.interest(0, false)
        #expect(torrent.swarm.nextChokeRound == torrent.now + .seconds(10))
    }

    @Test func `only changes are told, and more than the slots are not given`() {
        let choker = SetChoker()
        let torrent = self.torrent(slots: 2, choker: choker)
        for slot in 0..<4 {
            torrent.join(slot)
            _ = torrent.interest(slot, slot != 3)
        }
        choker.chosen = [0, 1, 2, 3]
        #expect(torrent.round([]) == [UnchokeChange(slot: 3, isUnchoked: true)])
        choker.chosen = [1, 2]
        let changes = torrent.round([])
        #expect(changes.count == 3)
        #expect(torrent.swarm.isUnchoked(1) && torrent.swarm.isUnchoked(2))
        #expect(!torrent.swarm.isUnchoked(0) && !torrent.swarm.isUnchoked(3))
    }

    @Test func `a choker sees rates, snubs, newcomers and seeds`() throws {
        let choker = SetChoker()
        let torrent = self.torrent(slots: 4, choker: choker)
        torrent.join(0)
        torrent.join(2, having: [])
        torrent.now = torrent.now + .seconds(61)
        torrent.join(3, having: [1])
        let traffic = [
            PeerTraffic(slot: 2, downRate: 5, upRate: 7), PeerTraffic(slot: 1, downRate: 1, upRate: 1),
            PeerTraffic(slot: 900, downRate: 1, upRate: 1),
        ]
        _ = torrent.round(traffic)
        let round = try #require(choker.last)
        #expect(round.peers.map(\.slot) == [0, 2, 3])
        #expect(round.peers.map(\.isSnubbed) == [true, false, false])
        #expect(round.peers.map(\.isSeed) == [true, false, false])
        #expect(round.peers.map(\.isNewcomer) == [false, false, true])
        #expect(round.peers.map(\.downRate) == [0, 5, 0])
        #expect(round.peers.map(\.upRate) == [0, 7, 0])
        #expect(!round.isSeeding)
        #expect(round.slots == 4)
        #expect(Set(round.peers.map(\.serial)).count == 3)
    }

    @Test func `a block from a peer ends its snubbing`() throws {
        let choker = SetChoker()
        let torrent = self.torrent(slots: 4, choker: choker)
        torrent.join(0)
        _ = torrent.ask(0, 2)
        torrent.now = torrent.now + .seconds(61)
        torrent.receive(0, 0, 0)
        _ = torrent.round([])
        #expect(choker.last?.peers.first?.isSnubbed == false)
    }

    @Test func `a complete torrent asks its choker as a seed`() throws {
        let choker = SetChoker()
        let torrent = self.torrent(slots: 4, choker: choker, have: Array(0..<8))
        torrent.join(0, having: [])
        _ = torrent.round([])
        #expect(choker.last?.isSeeding == true)
    }

    @Test func `automatic slots follow the upload rate within limits`() {
        var configuration = SwarmConfiguration()
        configuration.uploadSlots = .automatic
        let choker = SetChoker()
        let torrent = Torrent(configuration: configuration, choker: choker)
        torrent.join(0)
        for (rate, slots) in [(0.0, 4), (1_024_000, 24), (1e12, 64), (.nan, 64), (-5, 4)] {
            let traffic = [PeerTraffic(slot: 0, downRate: 0, upRate: rate)]
            _ = torrent.round(traffic)
            #expect(choker.last?.slots == slots || rate.isNaN)
        }
    }

    @Test func `the built-in choker serves everybody in turn`() {
        let torrent = self.torrent(slots: 2)
        var served: Set<PeerSlot> = []
        for slot in 0..<6 {
            torrent.join(slot)
            _ = torrent.interest(slot, true)
        }
        for _ in 0..<12 {
            torrent.now = torrent.now + .seconds(10)
            _ = torrent.round([])
            let now = (0..<6).filter { torrent.swarm.isUnchoked($0) }
            #expect(now.count == 2)
            served.formUnion(now)
        }
        #expect(served.count == 6)
    }

    @Test func `another choker decides from the next round on, which is due at once`() {
        let choker = SetChoker()
        let torrent = self.torrent(slots: 1)
        torrent.join(0)
        torrent.swarm.replaceChoker(choker, at: torrent.now)
        #expect(torrent.swarm.nextChokeRound == torrent.now)
        #expect(torrent.swarm.chokerName == "set")
    }
}
