// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct EndgameTests {
    /// One piece of eight blocks, all asked of the peer in slot 0.
    private func begun(_ configuration: SwarmConfiguration = SwarmConfiguration()) -> Torrent {
        let torrent = Torrent(pieces: 1, blocks: 8, configuration: configuration)
        torrent.join(0)
        _ = torrent.ask(0, 8)
        return torrent
    }

    @Test func `blocks that a silent peer owes are asked of another, last first`() {
        let torrent = self.begun()
        torrent.join(1)
        torrent.now = torrent.now + .seconds(1)
        #expect(torrent.names(1, 3) == ["0.7", "0.6", "0.5"])
        #expect(torrent.receive(1, 0, 7) == .accepted)
        #expect(torrent.cancels == [BlockCancel(slot: 0, block: torrent.blockRange(0, 7))])
        #expect(torrent.swarm.outstandingCount(of: 0) == 7)
        #expect(torrent.receive(0, 0, 7) == .duplicate)
    }

    @Test func `no block is asked of more peers than configured`() {
        for most in 1...3 {
            var configuration = SwarmConfiguration()
            configuration.maximumRequestsPerBlock = most
            let torrent = self.begun(configuration)
            torrent.now = torrent.now + .seconds(1)
            var asked = 8
            for slot in 1...4 {
                torrent.join(slot)
                asked += torrent.ask(slot, 100).count
            }
            #expect(asked == 8 * most)
        }
    }

    @Test func `a block that two withhold is asked of a third, and of no fourth`() {
        let torrent = self.begun()
        torrent.now = torrent.now + .seconds(1)
        for slot in 1...3 { torrent.join(slot) }
        #expect(torrent.ask(1, 8).count == 8)
        torrent.now = torrent.now + .seconds(18)
        #expect(torrent.ask(2, 8).isEmpty, "they may only be slow")
        torrent.now = torrent.now + .seconds(2)
        #expect(torrent.ask(2, 8).count == 8)
        torrent.now = torrent.now + .seconds(30)
        #expect(torrent.ask(3, 8).isEmpty)
        #expect(torrent.receive(2, 0, 7) == .accepted)
        #expect(torrent.cancels.map(\.slot).sorted() == [0, 1])
    }

    @Test func `a block is left to two of whom one still sends`() {
        let torrent = self.begun()
        torrent.now = torrent.now + .seconds(1)
        for slot in 1...2 { torrent.join(slot) }
        #expect(torrent.ask(1, 8).count == 8)
        torrent.now = torrent.now + .seconds(30)
        #expect(torrent.receive(1, 0, 7) == .accepted)
        #expect(torrent.ask(2, 8).isEmpty)
    }

    @Test func `a peer is not asked twice for the same block`() {
        let torrent = self.begun()
        torrent.now = torrent.now + .seconds(1)
        #expect(torrent.ask(0, 10).isEmpty)
    }

    @Test func `nothing is asked twice while pieces are left that nobody has begun`() {
        let torrent = Torrent(pieces: 2, blocks: 8)
        torrent.join(0, having: [0])
        torrent.join(1, having: [0])
        _ = torrent.ask(0, 8)
        torrent.now = torrent.now + .seconds(4)
        #expect(torrent.ask(1, 10).isEmpty, "it may just be on its way")
        torrent.now = torrent.now + .seconds(2)
        #expect(torrent.ask(1, 10).count == 1, "an idle peer helps with one block")
        #expect(torrent.ask(1, 10).isEmpty)
    }

    @Test(arguments: [(2, false), (10, true)])
    func `before the end a peer helps one that is much slower, but not its like`(_ pace: Int, _ isHelped: Bool) {
        let torrent = Torrent(pieces: 3, blocks: 40)
        torrent.join(0, having: [0])
        torrent.join(1, having: [0, 1])
        _ = torrent.ask(0, 40)
        _ = torrent.ask(1, 40)
        for block in 0..<40 {
            torrent.now = torrent.now + .milliseconds(200)
            torrent.receive(1, 1, block)
            if block % pace == 0 { torrent.receive(0, 0, block / pace) }
        }
        #expect(torrent.ask(1, 10).count == (isHelped ? 1 : 0), "one that is \(pace) times as slow")
    }

    @Test func `a peer that has only just been asked is not helped before the end`() {
        let torrent = Torrent(pieces: 2, blocks: 8)
        torrent.join(0, having: [0])
        torrent.join(1, having: [0])
        torrent.now = torrent.now + .seconds(60)
        _ = torrent.ask(0, 8)
        #expect(torrent.ask(1, 10).isEmpty)
        torrent.receive(0, 0, 0)
        torrent.now = torrent.now + .milliseconds(500)
        #expect(torrent.ask(1, 10).isEmpty)
    }

    @Test func `the slowest peer's blocks go first`() {
        let torrent = Torrent(pieces: 2, blocks: 8)
        torrent.join(0)
        torrent.join(1)
        torrent.join(2)
        _ = torrent.ask(0, 8)
        _ = torrent.ask(1, 8)
        for block in 0..<4 {
            torrent.now = torrent.now + .seconds(1)
            torrent.receive(0, 0, block)
            if block == 0 { torrent.receive(1, 1, 0) }
        }
        #expect(torrent.names(2, 2) == ["1.7", "1.6"])
    }

    @Test func `a fast peer's blocks are left to it by a slower one`() {
        let torrent = Torrent(pieces: 2, blocks: 64)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 64)
        _ = torrent.ask(1, 64)
        for block in 0..<64 {
            torrent.now = torrent.now + .milliseconds(100)
            if block < 60 { torrent.receive(0, 0, block) }
            if block.isMultiple(of: 8) { torrent.receive(1, 1, block) }
        }
        torrent.now = torrent.now - .milliseconds(300)
        #expect(torrent.ask(1, 10).isEmpty)
        #expect(!torrent.ask(0, 10).isEmpty)
    }

    @Test func `when a piece is verified what is left of it is forgotten`() {
        let torrent = self.begun()
        torrent.join(1)
        torrent.now = torrent.now + .seconds(1)
        _ = torrent.ask(1, 8)
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.outstandingCount(of: 0) == 0)
        #expect(torrent.swarm.outstandingCount(of: 1) == 0)
        #expect(torrent.swarm.isComplete)
    }
}
