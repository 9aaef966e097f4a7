// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

@Suite struct PieceTests {
    @Test func `a verified piece is had, and told to the picker`() {
        let torrent = Torrent()
        torrent.join(0)
        let before = torrent.swarm.leftBytes
        torrent.fetch(0)
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.have[PieceIndex(0)])
        #expect(torrent.swarm.missingCount == 7)
        #expect(torrent.swarm.leftBytes == before - 4 * UInt64(Torrent.block))
        #expect(torrent.picker.states[0] == .have)
        #expect(torrent.swarm.openPieceCount == 0)
    }

    @Test func `a piece that came by another way counts as well`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.swarm.pieceVerified(PieceIndex(5), at: torrent.now)
        torrent.swarm.pieceVerified(PieceIndex(5), at: torrent.now)
        torrent.swarm.pieceVerified(PieceIndex(500), at: torrent.now)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.missingCount == 7)
        #expect(torrent.picker.states[5] == .have)
    }

    @Test func `a failed piece with one contributor has its culprit`() {
        let torrent = Torrent()
        torrent.join(3)
        torrent.fetch(3)
        let failure = torrent.fail(0)
        torrent.swarm.checkInvariants()
        #expect(failure == PieceFailure(contributors: [3], culprit: 3))
        #expect(torrent.swarm.hashFailures(of: 3) == 1)
        #expect(torrent.names(3, 1) == ["0.0"])
    }

    @Test func `with several contributors nobody is blamed, and the piece is fetched from one alone`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 2)
        _ = torrent.ask(1, 2)
        for block in 0..<4 { torrent.receive(block < 2 ? 0 : 1, 0, block) }
        let failure = torrent.fail(0)
        #expect(Set(failure.contributors) == [0, 1])
        #expect(failure.culprit == nil)
        #expect(torrent.names(0, 2) == ["0.0", "0.1"])
        torrent.now = torrent.now + .seconds(5)
        #expect(torrent.ask(1, 9).isEmpty, "neither shared nor asked twice")
        _ = torrent.ask(0, 9)
        for block in 0..<4 { torrent.receive(0, 0, block) }
        #expect(torrent.fail(0).culprit == 0)
    }

    @Test func `a piece fetched alone is shared once its peer fails to deliver`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 2)
        _ = torrent.ask(1, 2)
        for block in 0..<4 { torrent.receive(block < 2 ? 0 : 1, 0, block) }
        _ = torrent.fail(0)
        _ = torrent.ask(0, 2)
        torrent.swarm.blockLost(from: 0, torrent.blockRange(0, 0))
        #expect(torrent.ask(1, 9).count >= 3)
    }

    @Test func `a contributor that left is neither named nor lets another be blamed`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 2)
        _ = torrent.ask(1, 2)
        for block in 0..<4 { torrent.receive(block < 2 ? 0 : 1, 0, block) }
        torrent.swarm.peerLeft(0, at: torrent.now)
        torrent.join(0)
        #expect(torrent.fail(0) == PieceFailure(contributors: [1], culprit: nil))
        #expect(torrent.swarm.hashFailures(of: 0) == 0)
    }

    @Test func `a peer that was asked for a block in the endgame is no contributor when another was faster`() {
        let torrent = Torrent(pieces: 1)
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 4)
        torrent.now = torrent.now + .seconds(1)
        _ = torrent.ask(1, 1)
        for block in 0..<4 { torrent.receive(0, 0, block) }
        #expect(torrent.swarm.senders(of: PieceIndex(0)) == [0, 0, 0, 0])
        #expect(torrent.fail(0) == PieceFailure(contributors: [0], culprit: 0))
    }

    @Test func `who begins a block first writes it, and who is through first has sent it`() {
        let torrent = Torrent(pieces: 1)
        for slot in 0..<3 { torrent.join(slot) }
        _ = torrent.ask(0, 4)
        torrent.now = torrent.now + .seconds(1)
        let block = torrent.blockRange(0, 3)
        #expect(torrent.ask(1, 1) == [block])
        func place(_ slot: PeerSlot, isFirst: Bool) -> PayloadPlace {
            torrent.swarm.place(of: block, from: slot, isFirst: isFirst)
        }
        #expect(place(0, isFirst: true) == .buffer(0))
        #expect(place(1, isFirst: true) == .aside(0) && place(1, isFirst: false) == .aside(0))
        #expect(place(0, isFirst: false) == .buffer(0) && torrent.swarm.isWriter(0, of: block))
        // What is not its beginning is not written, not even when nobody else does.
        torrent.swarm.peerLeft(0, at: torrent.now)
        #expect(place(1, isFirst: false) == .aside(0) && place(2, isFirst: true) == .buffer(0))
        let isClaimed = torrent.swarm.claim(block, for: 1)
        #expect(isClaimed && !torrent.swarm.isWriter(2, of: block))
        torrent.receive(1, 0, 3)
        let isClaimedLate = torrent.swarm.claim(block, for: 2)
        #expect(place(2, isFirst: false) == .nowhere && !isClaimedLate)
        torrent.swarm.checkInvariants()
    }

    @Test func `a piece given up is begun anew, whatever was asked of it`() {
        let torrent = Torrent()
        torrent.join(0)
        torrent.join(1)
        _ = torrent.ask(0, 3)
        torrent.swarm.pieceReset(PieceIndex(0))
        torrent.swarm.pieceReset(PieceIndex(0))
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.outstandingCount(of: 0) == 0)
        #expect(torrent.picker.states[0] == .wanted)
        #expect(torrent.receive(0, 0, 0) == .unwanted)
        #expect(torrent.names(1, 4) == ["0.0", "0.1", "0.2", "0.3"])
    }

    @Test func `an unwanted piece is not fetched, and finished without it`() {
        let torrent = Torrent(pieces: 2)
        torrent.join(0, having: [0, 1])
        torrent.join(1, having: [1])
        torrent.swarm.setWanted(PieceIndex(1), false)
        torrent.swarm.checkInvariants()
        #expect(!torrent.swarm.isInteresting(1))
        #expect(torrent.picker.states[1] == .unwanted)
        torrent.fetch(0)
        torrent.swarm.pieceVerified(PieceIndex(0), at: torrent.now)
        #expect(torrent.swarm.isFinished)
        #expect(!torrent.swarm.isComplete)
        torrent.swarm.setWanted(PieceIndex(1), true)
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.isInteresting(1))
        #expect(torrent.ask(1, 9).count == 4)
    }

    @Test func `a piece under way that becomes unwanted is finished, and not begun again after a failure`() {
        let torrent = Torrent(pieces: 2)
        torrent.join(0)
        _ = torrent.ask(0, 2)
        torrent.swarm.setWanted(PieceIndex(0), false)
        torrent.swarm.checkInvariants()
        #expect(torrent.names(0, 3) == ["0.2", "0.3", "1.0"])
        torrent.swarm.pieceReset(PieceIndex(0))
        torrent.swarm.checkInvariants()
        #expect(torrent.picker.states[0] == .unwanted)
        #expect(torrent.swarm.missingCount == 1)
    }

    @Test func `a picker that takes over knows all that its predecessor did`() {
        let torrent = Torrent(pieces: 6, have: [5])
        torrent.join(0, having: [0, 1, 2])
        torrent.join(1)
        torrent.swarm.setPriority(PieceIndex(2), .highest)
        torrent.swarm.setWanted(PieceIndex(3), false)
        _ = torrent.ask(0, 2)
        let next = InOrderPicker(pieceCount: 6)
        torrent.swarm.replacePicker(next)
        #expect(next.states == torrent.picker.states)
        #expect(next.holders == torrent.picker.holders)
        #expect(next.priorities == torrent.picker.priorities)
        #expect(torrent.names(0, 4) == ["0.2", "0.3", "1.0", "1.1"])
    }
}
