// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct SuggestionTests {
    private static func suggest(_ torrent: Torrent, _ slot: Int, _ pieces: [Int]) {
        for piece in pieces { torrent.swarm.peerSuggested(slot, PieceIndex(piece), at: torrent.now) }
    }

    @Test func `what a peer suggests is asked of it first, and nothing else while it suggests`() {
        let torrent = Torrent()
        torrent.join(0)
        Self.suggest(torrent, 0, [5, 2])
        #expect(torrent.names(0, 12) == ["5.0", "5.1", "5.2", "5.3", "2.0", "2.1", "2.2", "2.3"])
        #expect(torrent.names(0, 4).isEmpty)
        Self.suggest(torrent, 0, [7])
        #expect(torrent.names(0, 4) == ["7.0", "7.1", "7.2", "7.3"])
    }

    @Test func `a peer that has stopped suggesting is asked as any other`() {
        let torrent = Torrent()
        torrent.join(0)
        Self.suggest(torrent, 0, [5])
        #expect(torrent.ask(0, 8).count == 4)
        torrent.now = torrent.now + .milliseconds(900)
        #expect(torrent.ask(0, 8).isEmpty)
        torrent.now = torrent.now + .milliseconds(200)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
    }

    @Test func `a picker with an order of its own is not disturbed, and one that comes later forgets`() {
        let torrent = Torrent()
        torrent.picker.followsSuggestions = false
        torrent.join(0)
        Self.suggest(torrent, 0, [5])
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        torrent.picker.followsSuggestions = true
        Self.suggest(torrent, 0, [6, 7])
        #expect(torrent.names(0, 6) == ["0.2", "0.3", "6.0", "6.1", "6.2", "6.3"])
        let other = InOrderPicker(pieceCount: torrent.swarm.geometry.pieceCount)
        other.followsSuggestions = false
        torrent.swarm.replacePicker(other)
        #expect(torrent.names(0, 2) == ["1.0", "1.1"])
    }

    @Test func `a source is asked as any other once somebody else has all that is missing`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1, having: [0, 1, 2, 3, 4, 6, 7], unchoking: false)
        Self.suggest(torrent, 0, [5])
        #expect(torrent.names(0, 5) == ["5.0", "5.1", "5.2", "5.3"])
        #expect(torrent.ask(0, 2).isEmpty)
        torrent.swarm.peerHas(1, PieceIndex(5))
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
    }

    @Test func `other peers are asked meanwhile`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        Self.suggest(torrent, 0, [0])
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        #expect(torrent.names(1, 2) == ["1.0", "1.1"])
    }

    @Test func `suggestions that make no sense are passed over`() {
        let torrent = Torrent(have: [1])
        torrent.join(0, having: [1, 3, 4])
        torrent.join(1)
        #expect(torrent.names(1, 1) == ["0.0"])
        Self.suggest(torrent, 0, [1, 2, 99, 0, 4])
        Self.suggest(torrent, 9, [4])
        #expect(torrent.names(0, 4) == ["4.0", "4.1", "4.2", "4.3"])
        for piece in 0..<1000 { Self.suggest(torrent, 0, [piece % 8]) }
        #expect(torrent.names(0, 8) == ["3.0", "3.1", "3.2", "3.3"])
    }

    @Test func `a peer that leaves takes its suggestions along`() {
        let torrent = Torrent()
        torrent.join(0)
        Self.suggest(torrent, 0, [5])
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.join(0)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
    }
}
