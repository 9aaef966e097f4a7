// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// What goes by words of many pieces, or of many entries, with so many that there are several. The machine's own
/// invariants are checked now and then.
@Suite struct ManyPiecesTests {
    private static let pieces = 4_300
    private static let peers = 12

    @Test(arguments: UInt64(1)...4)
    func `no order of events makes a machine of many pieces contradict itself`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 300
        let torrent = Torrent(pieces: Self.pieces, blocks: 3, configuration: configuration)
        for slot in 0..<Self.peers { self.join(torrent, slot, &random) }
        for step in 0..<6_000 {
            torrent.now = torrent.now + .milliseconds(5)
            self.step(torrent, Int(random.next(below: UInt64(Self.peers))), &random)
            if step % 500 == 0 { torrent.swarm.checkInvariants() }
        }
        torrent.swarm.checkInvariants()
        #expect(torrent.swarm.have.setCount > 500, "seed \(seed)")
    }

    @Test func `a peer is uninteresting once the last piece that it has is verified, in any order`() {
        var random = SplitMix64(seed: 3)
        let torrent = Torrent(pieces: Self.pieces, blocks: 1)
        let few = (0..<40).map { _ in Int(random.next(below: UInt64(Self.pieces))) }
        torrent.join(0, having: few)
        torrent.join(1)
        for piece in Set(few).sorted().shuffled(using: &random) {
            #expect(torrent.swarm.isInteresting(0))
            torrent.swarm.pieceVerified(PieceIndex(piece), at: torrent.now)
        }
        #expect(!torrent.swarm.isInteresting(0))
        #expect(torrent.swarm.isInteresting(1))
        torrent.swarm.checkInvariants()
    }

    private func join(_ torrent: Torrent, _ slot: PeerSlot, _ random: inout SplitMix64) {
        // From seeds to peers that have next to nothing.
        let share = 1 + random.next(below: 4) * random.next(below: 30)
        torrent.swarm.peerJoined(slot, at: torrent.now)
        var has = Bitfield(count: Self.pieces)
        for piece in 0..<Self.pieces where random.next(below: share) == 0 { has.insert(PieceIndex(piece)) }
        torrent.swarm.peerHasPieces(slot, has)
        torrent.swarm.peerUnchokedUs(slot)
    }

    private func step(_ torrent: Torrent, _ slot: PeerSlot, _ random: inout SplitMix64) {
        let piece = PieceIndex(UInt32(random.next(below: UInt64(Self.pieces))))
        switch random.next(below: 2_000) {
        case 0...9:
            torrent.swarm.peerLeft(slot, at: torrent.now)
            self.join(torrent, slot, &random)
        case 10...19: torrent.swarm.peerChokedUs(slot)
        case 20...59: torrent.swarm.peerUnchokedUs(slot)
        case 60...199: torrent.swarm.peerHas(slot, piece)
        case 200...204:
            let priority: PiecePriority = random.next(below: 3) == 0 ? .unwanted : .normal
            let count = Int(random.next(below: 1_000))
            torrent.swarm.setPriorities(from: piece, repeatElement(priority, count: count))
        case 205...299: torrent.swarm.pieceReset(piece)
        default: self.fetch(torrent, slot, &random)
        }
    }

    /// Asks for some blocks, of which most come.
    private func fetch(_ torrent: Torrent, _ slot: PeerSlot, _ random: inout SplitMix64) {
        var blocks: [BlockRange] = []
        var cancels: [BlockCancel] = []
        let limit = 1 + Int(random.next(below: 5))
        torrent.swarm.nextBlocks(for: slot, limit: limit, at: torrent.now, into: &blocks)
        for block in blocks {
            switch random.next(below: 10) {
            case 0: torrent.swarm.blockLost(from: slot, block)
            case 1: break
            default:
                let outcome = torrent.swarm.blockReceived(from: slot, block, at: torrent.now, cancels: &cancels)
                guard outcome == .completesPiece else { continue }
                if random.next(below: 20) == 0 {
                    _ = torrent.swarm.pieceFailed(block.piece)
                } else {
                    torrent.swarm.pieceVerified(block.piece, at: torrent.now)
                }
            }
        }
    }
}
