// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Synchronization
import Testing

/// Counts what it makes, and gives the pickers out.
private final class CountingMaker: StrategyMaker {
    let pickerName = "in order, when needed"
    let chokerName = "turns, when needed"
    private let made = Mutex((pickers: 0, chokers: 0))
    var pickers: Int { self.made.withLock { $0.pickers } }
    var chokers: Int { self.made.withLock { $0.chokers } }

    func makePicker(for geometry: TorrentGeometry, seed: UInt64) -> any PiecePicker {
        self.made.withLock { $0.pickers += 1 }
        return InOrderPicker(pieceCount: geometry.pieceCount)
    }

    func makeChoker(for geometry: TorrentGeometry, seed: UInt64) -> any Choker {
        self.made.withLock { $0.chokers += 1 }
        return TurnChoker()
    }
}

@Suite struct RestTests {
    private let maker = CountingMaker()
    private let now = Instant(nanoseconds: 0)

    private func swarm(have: [Int] = [], pieces: Int = 4) -> Swarm {
        var bits = Bitfield(count: pieces)
        for piece in have { bits.insert(PieceIndex(piece)) }
        return Swarm(
            geometry: Torrent.geometry(pieces: pieces, blocks: 2), have: bits, configuration: SwarmConfiguration(),
            maker: self.maker, random: SplitMix64(seed: 1), at: self.now)
    }

    private func join(_ swarm: inout Swarm, _ slot: PeerSlot, having pieces: [Int]) {
        var bits = Bitfield(count: swarm.geometry.pieceCount)
        for piece in pieces { bits.insert(PieceIndex(piece)) }
        swarm.peerJoined(slot, at: self.now)
        swarm.peerHasPieces(slot, bits)
        swarm.peerUnchokedUs(slot)
        swarm.checkInvariants()
    }

    private func ask(_ swarm: inout Swarm, _ slot: PeerSlot, _ limit: Int) -> [Int] {
        var blocks: [BlockRange] = []
        swarm.nextBlocks(for: slot, limit: limit, at: self.now, into: &blocks)
        swarm.checkInvariants()
        return blocks.map(\.piece.offset)
    }

    @Test func `strategies are made for the first peer, and once`() {
        var swarm = self.swarm()
        #expect(swarm.isResting && self.maker.pickers == 0)
        #expect(swarm.pickerName == "in order, when needed" && swarm.chokerName == "turns, when needed")
        self.join(&swarm, 0, having: [0, 1])
        self.join(&swarm, 1, having: [2])
        #expect(!swarm.isResting && self.maker.pickers == 1 && self.maker.chokers == 1)
        #expect(swarm.pickerName == InOrderPicker(pieceCount: 1).name && swarm.chokerName == TurnChoker().name)
        #expect(self.ask(&swarm, 0, 4) == [0, 0, 1, 1])
    }

    @Test func `what came about during a rest is told to those that come after it`() {
        var swarm = self.swarm(have: [1])
        swarm.setPriority(PieceIndex(0), .unwanted)
        swarm.setTrackerCounts(PieceIndex(0), [1, 2, 3, 4])
        swarm.pieceVerified(PieceIndex(2), at: self.now)
        self.join(&swarm, 5, having: [0, 1, 2, 3])
        #expect(self.ask(&swarm, 5, 8) == [3, 3])
        swarm.setPriority(PieceIndex(0), .normal)
        #expect(self.ask(&swarm, 5, 8) == [0, 0])
    }

    @Test func `nobody rests while a peer is here or a piece is under way`() {
        var swarm = self.swarm()
        self.join(&swarm, 0, having: [0, 1, 2, 3])
        swarm.rest()
        #expect(!swarm.isResting)
        #expect(self.ask(&swarm, 0, 1) == [0])
        var cancels: [BlockCancel] = []
        _ = swarm.blockReceived(
            from: 0, swarm.geometry.block(0, of: PieceIndex(0)), at: self.now, cancels: &cancels)
        swarm.peerLeft(0, at: self.now)
        swarm.rest()
        #expect(!swarm.isResting, "half a piece is here")
        swarm.pieceReset(PieceIndex(0))
        swarm.rest()
        #expect(swarm.isResting)
        #expect(swarm.pickerName == InOrderPicker(pieceCount: 1).name, "known from before the rest")
        swarm.checkInvariants()
    }

    @Test func `a torrent goes on after a rest as before it`() {
        var swarm = self.swarm()
        for round in 0..<3 {
            self.join(&swarm, 7 - round, having: [0, 1, 2, 3])
            #expect(swarm.holderCount(of: PieceIndex(3)) == 1)
            #expect(swarm.availability.minimum == 1)
            #expect(self.ask(&swarm, 7 - round, 2) == [round, round])
            swarm.pieceVerified(PieceIndex(round), at: self.now)
            #expect(swarm.chokeRound(at: self.now, traffic: []).isEmpty)
            let change = swarm.peerInterest(7 - round, true, at: self.now)
            #expect(change?.isUnchoked == true)
            swarm.peerLeft(7 - round, at: self.now)
            swarm.rest()
            #expect(swarm.isResting && swarm.peerCount == 0 && swarm.availability.minimum == 0)
            #expect(swarm.haveCount(of: 7 - round) == 0 && !swarm.isUnchoked(7 - round))
            swarm.checkInvariants()
        }
        #expect(self.maker.pickers == 3 && swarm.missingCount == 1)
    }

    @Test func `strategies that were given never rest`() {
        let torrent = Torrent()
        torrent.swarm.rest()
        #expect(!torrent.swarm.isResting && torrent.swarm.pickerName == torrent.picker.name)
    }

    @Test func `other strategies are put in place at once, or after the rest`() {
        let other = CountingMaker()
        var swarm = self.swarm()
        swarm.replaceStrategies(other, picker: InOrderPicker(pieceCount: 4), choker: nil, at: self.now)
        #expect(swarm.isResting)
        self.join(&swarm, 0, having: [0])
        #expect(other.pickers == 1 && other.chokers == 1 && self.maker.pickers == 0)
        let picker = RarestPicker(pieceCount: 4, random: SplitMix64(seed: 1))
        swarm.replaceStrategies(self.maker, picker: picker, choker: nil, at: self.now)
        #expect(swarm.pickerName == picker.name && !picker.isPickable(PieceIndex(9)))
        #expect(self.maker.pickers == 0)
        swarm.peerLeft(0, at: self.now)
        swarm.rest()
        self.join(&swarm, 0, having: [0])
        #expect(self.maker.pickers == 1 && other.pickers == 1)
    }
}
