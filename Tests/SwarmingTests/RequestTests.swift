// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct RequestTests {
    @Test func `a peer gets whole pieces, block after block`() {
        let torrent = Torrent()
        torrent.join(0)
        #expect(torrent.names(0, 3) == ["0.0", "0.1", "0.2"])
        #expect(torrent.names(0, 3) == ["0.3", "1.0", "1.1"])
        #expect(torrent.swarm.openPieceCount == 2)
        #expect(torrent.swarm.outstandingCount(of: 0) == 6)
        #expect(torrent.picker.states[0...2] == [.inFlight, .inFlight, .wanted])
    }

    @Test func `the last block of the torrent is as short as it is`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        let blocks = torrent.ask(0, 10)
        #expect(blocks.count == 4)
        #expect(blocks.last?.length == Torrent.block - 100)
        #expect(blocks.allSatisfy { torrent.swarm.geometry.blockIndex(of: $0) != nil })
    }

    @Test func `two peers work on different pieces`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        #expect(torrent.names(1, 2) == ["1.0", "1.1"])
        #expect(torrent.names(0, 2) == ["0.2", "0.3"])
    }

    @Test func `a peer that chokes us, has nothing, or nothing that we miss is not asked`() {
        let torrent = Torrent(have: [3])
        torrent.join(0, unchoking: false)
        torrent.join(1, having: [])
        torrent.join(2, having: [3])
        for slot in 0..<3 { #expect(torrent.ask(slot, 5).isEmpty) }
        #expect(torrent.swarm.isInteresting(0))
        #expect(!torrent.swarm.isInteresting(1))
        #expect(!torrent.swarm.isInteresting(2))
        torrent.swarm.peerUnchokedUs(0)
        #expect(torrent.ask(0, 5).count == 5)
    }

    @Test func `a limit of zero and an unknown slot ask for nothing`() {
        let torrent = Torrent()
        torrent.join(0)
        #expect(torrent.ask(0, 0).isEmpty)
        #expect(torrent.ask(7, 5).isEmpty)
        #expect(torrent.ask(-1, 5).isEmpty)
    }

    @Test func `what a peer abandons is finished before anything new`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        torrent.receive(0, 0, 0)
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.names(1, 4) == ["0.1", "0.2", "0.3", "1.0"])
    }

    @Test func `of abandoned pieces the one nearest to completion goes first`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        torrent.join(2)
        #expect(torrent.names(0, 1) == ["0.0"])
        #expect(torrent.names(1, 3) == ["1.0", "1.1", "1.2"])
        for block in 0..<3 { torrent.receive(1, 1, block) }
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.swarm.peerLeft(1, at: torrent.now)
        #expect(torrent.names(2, 2) == ["1.3", "0.0"])
    }

    @Test func `a peer that chokes us gives its blocks back, unless it keeps them`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 6)
        torrent.swarm.peerChokedUs(0, keepsRequests: true)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.outstandingCount(of: 0) == 6)
        #expect(torrent.names(1, 2) == ["1.2", "1.3"])
        torrent.swarm.peerChokedUs(0)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.outstandingCount(of: 0) == 0)
        #expect(Set(torrent.names(1, 6)) == ["0.0", "0.1", "0.2", "0.3", "1.0", "1.1"])
    }

    @Test func `a lost block is asked again, and nothing else happens for one that was not asked`() {
        let torrent = Torrent()
        torrent.join(0)
        _ = torrent.ask(0, 4)
        torrent.swarm.blockLost(from: 0, torrent.blockRange(0, 1))
        torrent.swarm.blockLost(from: 0, torrent.blockRange(0, 1))
        torrent.swarm.blockLost(from: 0, torrent.blockRange(5, 1))
        torrent.swarm.blockLost(from: 0, BlockRange(piece: PieceIndex(99), begin: 1, length: 0))
        torrent.swarm.checkInvariants()
        #expect(torrent.names(0, 2) == ["0.1", "1.0"])
    }

    @Test func `open pieces are limited, and then shared`() {
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 2
        configuration.maximumRequestsPerBlock = 1
        let torrent = Torrent(configuration: configuration)
        for slot in 0..<3 { torrent.join(slot) }
        #expect(torrent.names(0, 1) == ["0.0"])
        #expect(torrent.names(1, 2) == ["1.0", "1.1"])
        #expect(torrent.names(2, 9) == ["0.1", "0.2", "0.3", "1.2", "1.3"])
        #expect(torrent.names(0, 5).isEmpty)
        #expect(torrent.swarm.openPieceCount == 2)
    }

    @Test func `of very many open pieces the one with most left is shared, the first of equals`() {
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 130
        configuration.maximumRequestsPerBlock = 1
        let torrent = Torrent(pieces: 131, configuration: configuration)
        for slot in 0..<131 { torrent.join(slot) }
        for slot in 0..<130 { _ = torrent.ask(slot, slot == 100 || slot == 129 ? 2 : 3) }
        #expect(torrent.names(130, 5) == ["100.2", "100.3", "129.2", "129.3", "0.3"])
    }

    @Test func `a piece that is being hashed keeps its place among the open ones`() {
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 1
        let torrent = Torrent(configuration: configuration)
        torrent.join(0)
        torrent.fetch(0)
        #expect(torrent.swarm.hashingPieceCount == 1)
        #expect(torrent.ask(0, 4).isEmpty)
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        #expect(torrent.names(0, 1) == ["1.0"])
    }

    @Test func `a picker with nothing for a peer is not asked again until something changed`() {
        let torrent = Torrent(have: [])
        torrent.join(0, having: [0])
        _ = torrent.ask(0, 9)
        let asked = torrent.picker.askedCount
        _ = torrent.ask(0, 9)
        #expect(torrent.picker.askedCount == asked)
        torrent.swarm.peerHas(0, PieceIndex(5))
        #expect(torrent.names(0, 9) == ["5.0", "5.1", "5.2", "5.3"])
    }

    @Test(arguments: [UInt32(99), 3, 5, .max])
    func `a lying picker does no harm`(_ lie: UInt32) {
        let torrent = Torrent(have: [3])
        torrent.join(0, having: [0, 1, 2, 3])
        torrent.picker.lie = lie
        #expect(torrent.ask(0, 9).isEmpty)
        torrent.picker.lie = 1
        #expect(torrent.names(0, 9) == ["1.0", "1.1", "1.2", "1.3"])
    }
}
