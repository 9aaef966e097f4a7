// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// Everything that can happen, in any order, with the machine's own invariants checked after each.
@Suite struct RandomOperationTests {
    @Test(arguments: UInt64(1)...12)
    func `no order of events makes the machine contradict itself`(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var configuration = SwarmConfiguration()
        configuration.maximumOpenPieces = 1 + Int(random.next(below: 6))
        configuration.maximumRequestsPerBlock = 1 + Int(random.next(below: 3))
        let torrent = Torrent(pieces: 12, blocks: 3, configuration: configuration)
        for _ in 0..<1500 {
            torrent.now = torrent.now + .milliseconds(Int64(random.next(below: 400)))
            self.step(torrent, &random)
            torrent.swarm.checkInvariants()
        }
    }

    private func step(_ torrent: Torrent, _ random: inout SplitMix64) {
        let slot = Int(random.next(below: 6))
        let piece = PieceIndex(UInt32(random.next(below: 13)))
        let block = BlockRange(
            piece: piece, begin: UInt32(random.next(below: 3)) * Torrent.block, length: Torrent.block)
        let isConnected = torrent.swarm.peer(slot, has: PieceIndex(0)) || torrent.swarm.haveCount(of: slot) > 0
        switch random.next(below: 18) {
        case 0...1: if !isConnected { self.rejoin(torrent, slot, &random) }
        case 2: torrent.swarm.peerHas(slot, piece)
        case 3: torrent.swarm.peerChokedUs(slot, keepsRequests: random.next(below: 2) == 0)
        case 4...5: torrent.swarm.peerUnchokedUs(slot)
        case 6...9: _ = torrent.ask(slot, Int(random.next(below: 9)))
        case 10...13: self.deliver(torrent, slot, block)
        case 14: torrent.swarm.blockLost(from: slot, block)
        case 15:
            let isWanted = random.next(below: 2) == 0
            let count = 1 + Int(random.next(below: 5))
            torrent.swarm.setPriorities(from: piece, repeatElement(isWanted ? .normal : .unwanted, count: count))
        case 16: _ = torrent.interest(slot, random.next(below: 2) == 0)
        default:
            if random.next(below: 8) == 0 { torrent.swarm.peerLeft(slot, at: torrent.now) }
            torrent.swarm.pieceReset(piece)
        }
    }

    private func rejoin(_ torrent: Torrent, _ slot: PeerSlot, _ random: inout SplitMix64) {
        torrent.swarm.peerLeft(slot, at: torrent.now)
        torrent.join(slot, having: (0..<12).filter { _ in random.next(below: 3) > 0 })
    }

    private func deliver(_ torrent: Torrent, _ slot: PeerSlot, _ block: BlockRange) {
        guard torrent.receive(slot, block) == .completesPiece else { return }
        if block.begin == 0 {
            _ = torrent.swarm.pieceFailed(block.piece)
        } else {
            torrent.swarm.pieceVerified(block.piece, at: torrent.now)
        }
    }
}
