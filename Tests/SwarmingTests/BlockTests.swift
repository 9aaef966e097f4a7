// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct BlockTests {
    @Test func `the last block completes its piece`() {
        let torrent = Torrent()
        torrent.join(0)
        _ = torrent.ask(0, 4)
        #expect(torrent.receive(0, 0, 0) == .accepted)
        #expect(torrent.receive(0, 0, 2) == .accepted)
        #expect(torrent.receive(0, 0, 1) == .accepted)
        #expect(torrent.receive(0, 0, 3) == .completesPiece)
        #expect(torrent.swarm.outstandingCount(of: 0) == 0)
        #expect(!torrent.swarm.have[PieceIndex(0)])
    }

    @Test func `payload is taken while its block is missing, and never once hashing has begun`() {
        let torrent = Torrent()
        torrent.join(0)
        #expect(torrent.swarm.acceptsPayload(0, torrent.blockRange(0, 0)) == nil)
        _ = torrent.ask(0, 4)
        let entry = torrent.swarm.acceptsPayload(0, torrent.blockRange(0, 0))
        #expect(entry != nil)
        #expect(entry == torrent.swarm.openEntry(of: PieceIndex(0)))
        torrent.receive(0, 0, 0)
        #expect(torrent.swarm.acceptsPayload(0, torrent.blockRange(0, 0)) == nil)
        for block in 1..<4 { torrent.receive(0, 0, block) }
        for block in 0..<4 { #expect(torrent.swarm.acceptsPayload(0, torrent.blockRange(0, block)) == nil) }
        #expect(torrent.receive(0, 0, 1) == .unwanted)
    }

    @Test(arguments: [
        BlockRange(piece: PieceIndex(99), begin: 0, length: 16384),
        BlockRange(piece: PieceIndex(0), begin: 1, length: 16384),
        BlockRange(piece: PieceIndex(0), begin: 0, length: 16383),
        BlockRange(piece: PieceIndex(0), begin: 0, length: 0),
        BlockRange(piece: PieceIndex(0), begin: .max, length: .max),
        BlockRange(piece: PieceIndex(7), begin: 0, length: 16384),
    ])
    func `what is no block under way is unwanted`(_ block: BlockRange) {
        let torrent = Torrent()
        torrent.join(0)
        _ = torrent.ask(0, 4)
        #expect(torrent.swarm.acceptsPayload(0, block) == nil)
        #expect(torrent.receive(0, block) == .unwanted)
    }

    @Test func `a block that comes twice is a duplicate, also after its piece was verified`() {
        let torrent = Torrent()
        torrent.join(0)
        _ = torrent.ask(0, 4)
        torrent.receive(0, 0, 0)
        #expect(torrent.receive(0, 0, 0) == .duplicate)
        for block in 1..<4 { torrent.receive(0, 0, block) }
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        #expect(torrent.receive(0, 0, 0) == .duplicate)
    }

    @Test func `a block that comes after it was given up is taken all the same`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 2)
        torrent.swarm.blockLost(from: 0, torrent.blockRange(0, 0))
        #expect(torrent.receive(0, 0, 0) == .accepted)
        #expect(torrent.names(0, 2) == ["0.2", "0.3"])
    }

    @Test func `a block given to another after its time is cancelled there when it comes after all`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 1)
        torrent.swarm.peerChokedUs(0)
        #expect(torrent.names(1, 1) == ["0.0"])
        #expect(torrent.receive(0, 0, 0) == .accepted)
        #expect(torrent.cancels == [BlockCancel(slot: 1, block: torrent.blockRange(0, 0))])
        #expect(torrent.swarm.outstandingCount(of: 1) == 0)
    }

    @Test func `entries are small numbers that are used again`() {
        let torrent = Torrent(pieces: 40)
        torrent.join(0)
        var entries: Set<Int> = []
        for piece in 0..<40 {
            let blocks = torrent.ask(0, 4)
            if let first = blocks.first, let entry = torrent.swarm.acceptsPayload(0, first) { entries.insert(entry) }
            for block in blocks { torrent.receive(0, block) }
            torrent.swarm.pieceVerified(PieceIndex(piece), at: torrent.now)
            torrent.swarm.checkInvariants()
        }
        #expect(entries == [0])
        #expect(torrent.swarm.isComplete)
        #expect(torrent.swarm.leftBytes == 0)
    }
}
