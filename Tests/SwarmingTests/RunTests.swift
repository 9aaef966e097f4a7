// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// Runs of blocks for holders that are best asked for many bytes at once.
@Suite struct RunTests {
    private static func run(_ torrent: Torrent, _ slot: PeerSlot, _ limit: Int) -> [String] {
        var blocks: [BlockRange] = []
        torrent.swarm.nextRun(for: slot, limit: limit, at: torrent.now, into: &blocks)
        torrent.swarm.checkInvariants()
        return blocks.map { "\($0.piece).\($0.begin / Torrent.block)" }
    }

    @Test func `a run goes on over pieces that nobody has begun`() {
        let torrent = Torrent(pieces: 6, blocks: 2, have: [4])
        torrent.join(0)
        #expect(Self.run(torrent, 0, 5) == ["0.0", "0.1", "1.0", "1.1", "2.0"])
        #expect(torrent.swarm.outstandingCount(of: 0) == 5)
        // The rest of what was begun, then on to the piece that is here already.
        #expect(Self.run(torrent, 0, 50) == ["2.1", "3.0", "3.1"])
        #expect(Self.run(torrent, 0, 50) == ["5.0", "5.1"])
        #expect(Self.run(torrent, 0, 50) == [])
    }

    @Test func `a run ends where another works, where less matters and at the end`() {
        let torrent = Torrent(pieces: 6, blocks: 2)
        torrent.join(0)
        torrent.join(1)
        torrent.swarm.setPriority(PieceIndex(3), PiecePriority(1))
        #expect(torrent.names(1, 2) == ["0.0", "0.1"])
        #expect(Self.run(torrent, 0, 50) == ["1.0", "1.1", "2.0", "2.1"])
        #expect(Self.run(torrent, 0, 50) == ["3.0", "3.1", "4.0", "4.1", "5.0", "5.1"])
    }

    @Test func `no more pieces are opened than may be, and nothing of who chokes us`() {
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 2
        let torrent = Torrent(pieces: 6, blocks: 2, configuration: configuration)
        torrent.join(0)
        #expect(Self.run(torrent, 0, 50) == ["0.0", "0.1", "1.0", "1.1"])
        torrent.swarm.peerChokedUs(0)
        #expect(torrent.swarm.outstandingCount(of: 0) == 0)
        #expect(Self.run(torrent, 0, 50) == [])
        torrent.swarm.peerUnchokedUs(0)
        #expect(Self.run(torrent, 0, 1) == ["0.0"])
    }
}
