// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct InterestTests {
    @Test func `a peer is interesting while it has what we miss`() {
        let torrent = Torrent(pieces: 70, have: [0])
        torrent.join(0, having: [0])
        #expect(!torrent.swarm.isInteresting(0))
        torrent.swarm.peerHas(0, PieceIndex(69))
        torrent.swarm.peerHas(0, PieceIndex(69))
        torrent.swarm.peerHas(0, PieceIndex(70))
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.haveCount(of: 0) == 2)
        #expect(torrent.swarm.isInteresting(0))
        torrent.swarm.pieceVerified(PieceIndex(69), at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(!torrent.swarm.isInteresting(0))
    }

    @Test func `holders are counted through joining, telling, replacing and leaving`() {
        let torrent = Torrent(pieces: 3)
        torrent.join(0)
        torrent.join(1, having: [0])
        #expect(torrent.swarm.availability == AvailabilitySummary(minimum: 1, distributedCopies: 1 + 1.0 / 3))
        torrent.swarm.peerHasPieces(0, Bitfield(count: 3))
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.holderCount(of: PieceIndex(0)) == 1)
        #expect(torrent.swarm.holderCount(of: PieceIndex(2)) == 0)
        for piece in 0..<3 { torrent.swarm.peerHas(1, PieceIndex(piece)) }
        #expect(torrent.swarm.isSeed(1))
        torrent.swarm.peerLeft(1, at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.picker.holders == [0, 0, 0])
        #expect(torrent.swarm.availability == AvailabilitySummary(minimum: 0, distributedCopies: 0))
        #expect(torrent.swarm.peerCount == 1)
    }

    @Test func `a peer that left says nothing any more`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.swarm.peerHas(0, PieceIndex(0))
        torrent.swarm.peerUnchokedUs(0)
        #expect(torrent.interest(0, true) == nil)
        #expect(torrent.receive(0, 0, 0) == .unwanted)
        #expect(!torrent.swarm.isInteresting(0))
        #expect(torrent.swarm.acceptsPayload(0, torrent.blockRange(0, 0)) == nil)
    }

    @Test func `a torrent without pieces is complete`() throws {
        let geometry = try #require(TorrentGeometry(totalLength: 0, pieceLength: 16384))
        var swarm = Swarm(
            geometry: geometry, have: Bitfield(count: 0), configuration: SwarmConfiguration(),
            picker: RarestPicker(pieceCount: 0, random: SplitMix64(seed: 1)), choker: TurnChoker(),
            random: SplitMix64(seed: 1), at: Instant(nanoseconds: 0))
        swarm.peerJoined(0, at: Instant(nanoseconds: 0))
        swarm.peerHasPieces(0, Bitfield(count: 0))
        swarm.peerUnchokedUs(0)
        var blocks: [BlockRange] = []
        swarm.nextBlocks(for: 0, limit: 5, at: Instant(nanoseconds: 0), into: &blocks)
        #expect(blocks.isEmpty)
        #expect(swarm.isComplete)
        #expect(!swarm.isSeed(0))
        swarm.checkInvariants()
    }
}
