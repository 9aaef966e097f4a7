// SPDX-License-Identifier: Apache-2.0

import SwarmModel
import Swarming

/// What a block costs with one picker, by the size of the torrent and of the swarm.
struct PickRow: CustomStringConvertible {
    /// Pieces and peers of each column.
    private static let sizes = [(1_000, 50), (10_000, 50), (100_000, 50), (100_000, 500)]
    /// How often the columns take their turns with one making of the torrents.
    private static let turns = 8
    static let heading = """

        ns a block      1,000   10,000  100,000  100,000 pieces
        picker             50       50       50      500 peers    growth
        """
    static let legend = """
        What a torrent's machine takes to find a block to ask for, picker and timing of its calls included; pieces of 16
        blocks, peers with half of the pieces each. The columns take turns, and of each the best turn is shown, a turn
        being the median of 16 batches of 100 pieces: what else the machine does only adds. growth: the dearest column
        by the cheapest.
        """

    let picker: String
    private var costs = Array(repeating: Double.infinity, count: Self.sizes.count)

    init(picker: String) {
        self.picker = picker
    }

    /// Lets each column have its turns, with torrents made anew.
    mutating func time(_ makePicker: @escaping (TorrentGeometry) throws -> any PiecePicker) throws {
        var trials = try Self.sizes.map { try PickTrial(pieces: $0.0, peers: $0.1, makePicker: makePicker) }
        for _ in 0..<Self.turns {
            for index in trials.indices {
                guard let cost = try trials[index]?.turn() else { continue }
                self.costs[index] = min(self.costs[index], cost)
            }
        }
    }

    var description: String {
        let growth = (self.costs.max() ?? 1) / max(self.costs.min() ?? 1, 1)
        return ResultRow.cell(self.picker, 13)
            + self.costs.map { ResultRow.cell(ResultRow.fixed($0, 0), 9, isNumber: true) }.joined()
            + ResultRow.cell(ResultRow.fixed(growth, 2), 16, isNumber: true)
    }
}
