// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// What it costs a torrent's machine when what is wanted of it changes while it runs: a hundred thousand pieces, two hundred
/// peers with half of them each, every second piece skipped and wanted again, some thousand pieces a turn of the loop.
struct SelectionTrial: CustomStringConvertible {
    private static let pieces = 100_000
    private static let peers = 200
    private static let piecesPerTurn = 8_192
    static let heading = "\nms for a change of 50,000 of 100,000 pieces, 200 peers; and the longest turn\n"

    let description: String

    /// Plays it with a new picker.
    init(name: String, _ picker: any PiecePicker, geometry: TorrentGeometry, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let now = Instant(nanoseconds: 0)
        var swarm = Swarm(
            geometry: geometry, have: Bitfield(count: geometry.pieceCount), configuration: SwarmConfiguration(),
            picker: picker, choker: TurnChoker(), random: SplitMix64(seed: seed), at: now)
        for slot in 0..<Self.peers {
            swarm.peerJoined(slot, at: now)
            swarm.peerHasPieces(slot, PickTrial.half(of: geometry.pieceCount, &random))
        }
        var turns: [Double] = []
        for priority in [PiecePriority.unwanted, .normal] {
            for first in stride(from: 0, to: geometry.pieceCount, by: Self.piecesPerTurn) {
                let end = min(first + Self.piecesPerTurn, geometry.pieceCount)
                let priorities = (first..<end).map { $0 % 2 == 0 ? PiecePriority.normal : priority }
                let start = ContinuousClock.now
                swarm.setPriorities(from: PieceIndex(first), priorities)
                turns.append((ContinuousClock.now - start) / .milliseconds(1))
            }
        }
        self.description =
            ResultRow.cell(name, 13) + ResultRow.cell(ResultRow.fixed(turns.reduce(0, +) / 2, 2), 9, isNumber: true)
            + ResultRow.cell(ResultRow.fixed(turns.max() ?? 0, 2), 9, isNumber: true)
    }

    /// The torrent that it is played with.
    static var geometry: TorrentGeometry? {
        TorrentGeometry(totalLength: UInt64(Self.pieces) << 18, pieceLength: 1 << 18)
    }
}
