// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// What it costs a torrent's machine to find the next blocks to ask a peer for, the picker's part included: pieces of 16
/// blocks, and peers of which each has half of them, at random.
struct PickTrial {
    private static let blocks = 64_000
    private static let batch = 1_600
    private static let blocksPerPiece = 16
    /// Blocks that are asked for at a time.
    private static let window = 8

    let pieces: Int
    let peers: Int

    /// Nanoseconds a block, the median over batches; nil when no such torrent can be.
    func run(_ picker: any PiecePicker) -> Double? {
        let pieceLength = UInt32(Self.blocksPerPiece) * TorrentGeometry.blockLength
        let total = UInt64(self.pieces) * UInt64(pieceLength)
        guard let geometry = TorrentGeometry(totalLength: total, pieceLength: pieceLength) else { return nil }
        var random = SplitMix64(seed: 7)
        var swarm = Swarm(
            geometry: geometry, have: Bitfield(count: self.pieces), configuration: SwarmConfiguration(),
            picker: picker, choker: TurnChoker(), random: SplitMix64(seed: 8), at: Instant(nanoseconds: 0))
        for slot in 0..<self.peers { self.join(slot, &swarm, &random) }
        return self.time(&swarm, &random)
    }

    private func join(_ slot: Int, _ swarm: inout Swarm, _ random: inout SplitMix64) {
        var has = Bitfield(count: self.pieces)
        for piece in 0..<self.pieces where random.next(below: 2) == 0 { has.insert(PieceIndex(piece)) }
        swarm.peerJoined(slot, at: Instant(nanoseconds: 0))
        swarm.peerHasPieces(slot, has)
        swarm.peerUnchokedUs(slot)
    }

    private func time(_ swarm: inout Swarm, _ random: inout SplitMix64) -> Double {
        var blocks: [BlockRange] = []
        var cancels: [BlockCancel] = []
        var costs: [Double] = []
        var (asked, inBatch, idle) = (0, 0, 0)
        var spent = Duration.zero
        // A small torrent is fetched whole before so many blocks are.
        while asked < Self.blocks, idle < 10_000, swarm.have.setCount * 10 < self.pieces * 9 {
            let now = Instant(nanoseconds: Int64(asked) * 1_000_000)
            let slot = Int(random.next(below: UInt64(self.peers)))
            blocks.removeAll(keepingCapacity: true)
            let start = ContinuousClock.now
            swarm.nextBlocks(for: slot, limit: Self.window, at: now, into: &blocks)
            spent += ContinuousClock.now - start
            idle = blocks.isEmpty ? idle + 1 : 0
            asked += blocks.count
            inBatch += blocks.count
            for block in blocks
            where swarm.blockReceived(from: slot, block, at: now, cancels: &cancels) == .completesPiece {
                swarm.pieceVerified(block.piece, at: now)
            }
            cancels.removeAll(keepingCapacity: true)
            guard inBatch >= Self.batch else { continue }
            costs.append(spent / .nanoseconds(inBatch))
            (inBatch, spent) = (0, .zero)
        }
        return costs.isEmpty ? .infinity : costs.sorted()[costs.count / 2]
    }
}
