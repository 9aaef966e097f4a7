// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// What it costs a torrent's machine to find the next blocks to ask a peer for, the picker's part included: pieces of 16
/// blocks, and peers of which each has half of them, at random.
struct PickTrial {
    private static let batch = 1_600
    private static let blocksPerPiece = 16
    /// Blocks that are asked for at a time.
    private static let window = 8
    /// Batches of a turn that bring into the caches what others drove out, and those that count.
    private static let warmUp = 4
    private static let counted = 16

    private let peers: Int
    private let make: () throws -> Swarm
    private var swarm: Swarm
    private var random = SplitMix64(seed: 7)
    private var asked = 0
    private var blocks: [BlockRange] = []
    private var cancels: [BlockCancel] = []

    /// A torrent of that size, made when the trial is and again whenever it is nearly complete; nil when none can be.
    init?(pieces: Int, peers: Int, makePicker: @escaping (TorrentGeometry) throws -> any PiecePicker) throws {
        let pieceLength = UInt32(Self.blocksPerPiece) * TorrentGeometry.blockLength
        let total = UInt64(pieces) * UInt64(pieceLength)
        guard let geometry = TorrentGeometry(totalLength: total, pieceLength: pieceLength) else { return nil }
        self.peers = peers
        self.make = { Self.swarm(geometry, peers: peers, try makePicker(geometry)) }
        self.swarm = try self.make()
    }

    private static func swarm(_ geometry: TorrentGeometry, peers: Int, _ picker: any PiecePicker) -> Swarm {
        var random = SplitMix64(seed: 9)
        var settings = SwarmConfiguration()
        // As many as the daemon allows by default, 64 MiB of them.
        settings.maximumOpenPieces = (64 << 20) / Int(geometry.pieceLength)
        var swarm = Swarm(
            geometry: geometry, have: Bitfield(count: geometry.pieceCount), configuration: settings,
            picker: picker, choker: TurnChoker(), random: SplitMix64(seed: 8), at: Instant(nanoseconds: 0))
        for slot in 0..<peers {
            swarm.peerJoined(slot, at: Instant(nanoseconds: 0))
            swarm.peerHasPieces(slot, Self.half(of: geometry.pieceCount, &random))
            swarm.peerUnchokedUs(slot)
        }
        return swarm
    }

    /// Each piece, or not, at even odds.
    static func half(of pieces: Int, _ random: inout SplitMix64) -> Bitfield {
        var wire = (0..<(pieces + 7) / 8).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        if pieces % 8 != 0 { wire[wire.count - 1] &= UInt8.max << UInt8(8 - pieces % 8) }
        return Bitfield(wire: wire, count: pieces) ?? Bitfield(count: pieces)
    }

    /// Nanoseconds a block: the median of some batches, of 100 pieces each, that follow each other.
    mutating func turn() throws -> Double {
        for _ in 0..<Self.warmUp { _ = try self.timeBatch() }
        var costs: [Double] = []
        for _ in 0..<Self.counted { costs.append(try self.timeBatch()) }
        return costs.sorted()[costs.count / 2]
    }

    private mutating func timeBatch() throws -> Double {
        var spent = Duration.zero
        var (found, idle) = (0, 0)
        while found < Self.batch, idle < 10_000 {
            if self.swarm.have.setCount * 10 >= self.swarm.geometry.pieceCount * 9 { self.swarm = try self.make() }
            let now = Instant(nanoseconds: Int64(self.asked) * 1_000_000)
            let slot = Int(self.random.next(below: UInt64(self.peers)))
            self.blocks.removeAll(keepingCapacity: true)
            let start = ContinuousClock.now
            self.swarm.nextBlocks(for: slot, limit: Self.window, at: now, into: &self.blocks)
            spent += ContinuousClock.now - start
            idle = self.blocks.isEmpty ? idle + 1 : 0
            found += self.blocks.count
            self.receive(from: slot, at: now)
        }
        return found > 0 ? spent / .nanoseconds(found) : .infinity
    }

    /// The peer answers at once.
    private mutating func receive(from slot: PeerSlot, at now: Instant) {
        self.asked += self.blocks.count
        for block in self.blocks
        where self.swarm.blockReceived(from: slot, block, at: now, cancels: &self.cancels) == .completesPiece {
            self.swarm.pieceVerified(block.piece, at: now)
        }
        self.cancels.removeAll(keepingCapacity: true)
    }
}
