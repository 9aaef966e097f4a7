// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming
import Testing

/// A machine under test, a clock, and short ways to drive both.
final class Torrent {
    static let block = TorrentGeometry.blockLength

    var swarm: Swarm
    let picker: InOrderPicker
    var now = Instant(nanoseconds: 0)
    private(set) var cancels: [BlockCancel] = []

    /// `pieces` pieces of `blocks` blocks each, the last block of the last one short.
    init(
        pieces: Int = 8, blocks: Int = 4, have: [Int] = [], configuration: SwarmConfiguration = SwarmConfiguration(),
        choker: any Choker = TurnChoker()
    ) {
        let geometry = Self.geometry(pieces: pieces, blocks: blocks)
        var bits = Bitfield(count: pieces)
        for piece in have { bits.insert(PieceIndex(piece)) }
        self.picker = InOrderPicker(pieceCount: pieces)
        self.swarm = Swarm(
            geometry: geometry, have: bits, configuration: configuration, picker: self.picker, choker: choker,
            random: SplitMix64(seed: 1), at: Instant(nanoseconds: 0))
    }

    static func geometry(pieces: Int, blocks: Int) -> TorrentGeometry {
        let length = UInt64(pieces) * UInt64(blocks) * UInt64(Self.block) - 100
        return TorrentGeometry(totalLength: length, pieceLength: UInt32(blocks) * Self.block)!
    }

    /// A peer that has `pieces` (all when nil) and unchokes us.
    func join(_ slot: PeerSlot, having pieces: [Int]? = nil, unchoking: Bool = true) {
        self.swarm.peerJoined(slot, at: self.now)
        let count = self.swarm.geometry.pieceCount
        var bits = Bitfield(count: count, filled: pieces == nil)
        for piece in pieces ?? [] { bits.insert(PieceIndex(piece)) }
        self.swarm.peerHasPieces(slot, bits)
        if unchoking { self.swarm.peerUnchokedUs(slot) }
        self.swarm.checkInvariants()
    }

    func ask(_ slot: PeerSlot, _ limit: Int) -> [BlockRange] {
        var blocks: [BlockRange] = []
        self.swarm.nextBlocks(for: slot, limit: limit, at: self.now, into: &blocks)
        self.swarm.checkInvariants()
        return blocks
    }

    /// Asks as `ask`, as "piece.block" texts.
    func names(_ slot: PeerSlot, _ limit: Int) -> [String] {
        self.ask(slot, limit).map { "\($0.piece).\($0.begin / Self.block)" }
    }

    func blockRange(_ piece: Int, _ block: Int) -> BlockRange {
        self.swarm.geometry.block(block, of: PieceIndex(piece))
    }

    @discardableResult
    func receive(_ slot: PeerSlot, _ piece: Int, _ block: Int) -> BlockOutcome {
        self.receive(slot, self.blockRange(piece, block))
    }

    @discardableResult
    func receive(_ slot: PeerSlot, _ block: BlockRange) -> BlockOutcome {
        self.cancels.removeAll()
        let outcome = self.swarm.blockReceived(from: slot, block, at: self.now, cancels: &self.cancels)
        self.swarm.checkInvariants()
        return outcome
    }

    /// Fetches one whole piece from one peer, up to its hash.
    func fetch(_ slot: PeerSlot) {
        for block in self.ask(slot, self.swarm.geometry.blockCount(of: PieceIndex(0))) { self.receive(slot, block) }
    }

    func interest(_ slot: PeerSlot, _ isInterested: Bool) -> UnchokeChange? {
        self.swarm.peerInterest(slot, isInterested, at: self.now)
    }

    func round(_ traffic: [PeerTraffic]) -> [UnchokeChange] {
        self.swarm.chokeRound(at: self.now, traffic: traffic)
    }

    func fail(_ piece: Int) -> PieceFailure {
        let failure = self.swarm.pieceFailed(PieceIndex(piece))
        self.swarm.checkInvariants()
        return failure
    }
}
