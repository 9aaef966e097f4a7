// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct TrialTests {
    /// A piece of which two peers sent two blocks each.
    private static func shared() -> Torrent {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 2)
        _ = torrent.ask(1, 2)
        for block in 0..<4 { torrent.receive(block < 2 ? 0 : 1, 0, block) }
        return torrent
    }

    @Test func `each block of a complete piece has its sender`() {
        let torrent = Self.shared()
        #expect(torrent.swarm.senders(of: PieceIndex(0)) == [0, 0, 1, 1])
        #expect(!torrent.swarm.isSoleSender(0, of: PieceIndex(0)))
        torrent.swarm.peerLeft(1, at: torrent.now)
        #expect(torrent.swarm.senders(of: PieceIndex(0)) == [0, 0, nil, nil])
        #expect(torrent.swarm.senders(of: PieceIndex(7)).isEmpty)
    }

    @Test func `wrong blocks alone are fetched again, from one peer, and the piece is complete with them`() {
        let torrent = Self.shared()
        let isReopened = torrent.swarm.blocksFailed([1], of: PieceIndex(0))
        torrent.swarm.checkInvariants()
        #expect(isReopened)
        #expect(torrent.swarm.hashFailures(of: 0) == 1 && torrent.swarm.hashFailures(of: 1) == 0)
        torrent.swarm.peerLeft(0, at: torrent.now)
        #expect(torrent.names(1, 9) == ["0.1"])
        #expect(torrent.receive(1, 0, 1) == .completesPiece)
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.isComplete)
    }

    @Test func `a piece that fails as a whole afterwards is whole again`() {
        let torrent = Self.shared()
        torrent.swarm.blocksFailed([0, 3], of: PieceIndex(0))
        torrent.swarm.checkInvariants()
        torrent.swarm.pieceReset(PieceIndex(0))
        torrent.swarm.checkInvariants()
        #expect(torrent.names(1, 9) == ["0.0", "0.1", "0.2", "0.3"])
    }

    @Test func `nothing happens to a piece that is not complete, or for blocks that it does not have`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        _ = torrent.ask(0, 4)
        torrent.receive(0, 0, 0)
        let early = torrent.swarm.blocksFailed([0], of: PieceIndex(0))
        for block in 1..<4 { torrent.receive(0, 0, block) }
        let none = torrent.swarm.blocksFailed([], of: PieceIndex(0))
        let outside = torrent.swarm.blocksFailed([4], of: PieceIndex(0))
        torrent.swarm.checkInvariants()
        #expect(!early && !none && !outside)
        #expect(torrent.swarm.isSoleSender(0, of: PieceIndex(0)))
    }

    @Test func `hashes are given all at first, and then as many as nobody feels`() {
        let range = HashRange(root: [], layer: 2, index: 0, count: 512, proofLayers: 0)
        var now = Instant(nanoseconds: 1)
        var allowance = HashAllowance(pieceCount: 100_000, at: now)
        var given = 0
        while allowance.take(range, blocks: 0, at: now) { given += 1 }
        #expect(given * 512 >= 3 * 100_000 && given * 512 < 5 * 100_000 + 65_536)
        now = now + .seconds(10)
        var later = 0
        while allowance.take(range, blocks: 0, at: now) { later += 1 }
        #expect(later * 512 > 10_000 && later * 512 <= 20_480)
        now = now + .seconds(10)
        var dear = 0
        while allowance.take(range, blocks: 512, at: now) { dear += 1 }
        #expect(dear > 0 && dear * 4 < later)
    }
}
