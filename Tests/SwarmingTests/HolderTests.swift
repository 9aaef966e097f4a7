// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// Answers `choice`, and remembers the questions.
private final class HolderChooser: Choker {
    let name = "chooser"
    let choosesHolders = true
    var choice: (ChokeRound) -> Int?
    private(set) var asked: [(piece: Int, slots: [PeerSlot])] = []

    init(_ choice: @escaping (ChokeRound) -> Int?) {
        self.choice = choice
    }

    func decide(_ round: ChokeRound, unchoked: inout [Bool]) {}

    func chooseHolder(of piece: PieceIndex, among holders: ChokeRound) -> Int? {
        self.asked.append((piece.offset, holders.peers.map(\.slot)))
        return self.choice(holders)
    }
}

@Suite struct HolderTests {
    @Test func `a piece that is begun may go to another holder, who is to be asked`() {
        let chooser = HolderChooser { _ in 1 }
        let torrent = Torrent(choker: chooser)
        torrent.join(0)
        torrent.join(1)
        #expect(torrent.names(0, 2) == ["1.0", "1.1"], "the next piece, in place of the one given away")
        #expect(chooser.asked.map(\.piece) == [0])
        #expect(chooser.asked.map(\.slots) == [[0, 1]])
        #expect(torrent.swarm.takeIdleHolder() == 1)
        #expect(torrent.swarm.takeIdleHolder() == nil, "told once")
        #expect(torrent.names(1, 6) == ["0.0", "0.1", "0.2", "0.3", "2.0", "2.1"])
    }

    @Test func `who works on a piece, chokes us, lacks the piece or is not there, is no choice`() {
        let chooser = HolderChooser { _ in 0 }
        let torrent = Torrent(choker: chooser)
        torrent.join(1)
        _ = torrent.ask(1, 1)
        torrent.join(2, unchoking: false)
        torrent.join(3, having: [7])
        torrent.join(4)
        torrent.swarm.peerLeft(4, at: torrent.now)
        torrent.join(0)
        #expect(torrent.names(0, 1) == ["1.0"])
        #expect(chooser.asked.isEmpty)
    }

    @Test func `the one that has something outstanding needs no reminder`() {
        let chooser = HolderChooser { _ in 0 }
        let torrent = Torrent(choker: chooser)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(1, 4)
        chooser.choice = { $0.peers.firstIndex { $0.slot == 1 } }
        #expect(torrent.names(0, 1) == ["2.0"])
        #expect(torrent.swarm.takeIdleHolder() == nil)
        #expect(torrent.names(1, 1) == ["1.0"])
    }

    @Test func `a peer with no other piece shares the one it gave away`() {
        let chooser = HolderChooser { _ in 1 }
        let torrent = Torrent(pieces: 1, choker: chooser)
        torrent.join(0)
        torrent.join(1)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        #expect(torrent.names(1, 2) == ["0.2", "0.3"])
    }

    @Test func `one call gives away one piece`() {
        let chooser = HolderChooser { _ in 1 }
        let torrent = Torrent(blocks: 1, choker: chooser)
        for slot in 0..<4 { torrent.join(slot) }
        #expect(torrent.ask(0, 4).count == 4)
        #expect(chooser.asked.count == 1)
    }

    @Test(arguments: [nil, 0, 2, -1, Int.max])
    func `no choice, the first and one that does not exist leave the piece where it was`(_ answer: Int?) {
        let torrent = Torrent(choker: HolderChooser { _ in answer })
        torrent.join(0)
        torrent.join(1)
        #expect(torrent.names(0, 1) == ["0.0"])
        #expect(torrent.swarm.takeIdleHolder() == nil)
    }

    @Test func `very many holders cost a bounded look`() {
        let chooser = HolderChooser { $0.peers.count - 1 }
        let torrent = Torrent(pieces: 60, choker: chooser)
        for slot in 0..<300 { torrent.join(slot, having: slot < 200 ? [59] : nil) }
        _ = torrent.ask(299, 1)
        _ = torrent.ask(200, 1)
        #expect(chooser.asked.map(\.slots.count) == [16])
        #expect(chooser.asked.first?.slots.first == 200)
    }

    @Test func `a piece that needs a culprit stays with one peer`() {
        let chooser = HolderChooser { _ in 0 }
        let torrent = Torrent(pieces: 2, choker: chooser)
        torrent.join(0)
        torrent.join(1)
        for block in torrent.ask(0, 2) { torrent.receive(0, block) }
        torrent.swarm.peerChokedUs(0)
        for block in torrent.ask(1, 2) { torrent.receive(1, block) }
        #expect(torrent.fail(0).culprit == nil)
        torrent.swarm.peerUnchokedUs(0)
        chooser.choice = { _ in 1 }
        let before = chooser.asked.count
        #expect(torrent.names(0, 1) == ["0.0"])
        #expect(chooser.asked.count == before)
    }

    /// A mesh in which every piece that can be is given to another still arrives, and nobody stands idle for it.
    @Test(arguments: [UInt64(1), 2, 3])
    func `giving pieces away at random costs no more than a little time`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var nodes: [Swarm] = []
        for index in 0..<8 {
            var configuration = SwarmConfiguration()
            configuration.maximumOpenPieces = 8
            let chooser = HolderChooser { Int(random.next(below: UInt64($0.peers.count))) }
            nodes.append(
                Swarm(
                    geometry: Torrent.geometry(pieces: 40, blocks: 4), have: Bitfield(count: 40, filled: index < 2),
                    configuration: configuration,
                    picker: RarestPicker(pieceCount: 40, random: SplitMix64(seed: seed &* 100 + UInt64(index))),
                    choker: MeshChooser(chooser), random: SplitMix64(seed: seed), at: Instant(nanoseconds: 0)))
        }
        let mesh = Mesh(nodes)
        #expect(mesh.run(ticks: 3000))
    }
}

/// Serves as the built-in choker does, chooses as another.
private final class MeshChooser: Choker {
    let name = "mesh"
    let choosesHolders = true
    private let turns = TurnChoker()
    private let chooser: HolderChooser

    init(_ chooser: HolderChooser) {
        self.chooser = chooser
    }

    func decide(_ round: ChokeRound, unchoked: inout [Bool]) { self.turns.decide(round, unchoked: &unchoked) }

    func chooseHolder(of piece: PieceIndex, among holders: ChokeRound) -> Int? {
        self.chooser.chooseHolder(of: piece, among: holders)
    }
}
