// SPDX-License-Identifier: Apache-2.0

import SwarmSimulation

/// What became of a free rider with one choker, in several swarms.
struct RiderRow: CustomStringConvertible {
    static let heading = "\nchoker         honest   rider  times as long  in each swarm"
    static let legend = """
        20 peers at all times and a seed, all with lines of 32 KiB/s up and 128 KiB/s down, 8 MiB; one more serves nobody.
        honest, rider: seconds from coming to having everything, honest peers the middle one; medians over the swarms.
        """

    let description: String

    init(choker: String, _ outcomes: [FreeRiderTrial.Outcome]) {
        let middle = outcomes.count / 2
        let honest = outcomes.map { $0.honest[$0.honest.count / 2] }.sorted()[middle]
        let rider = outcomes.map(\.rider).sorted()[middle]
        let ratios = outcomes.map(\.ratio)
        self.description =
            ResultRow.cell(choker, 13) + ResultRow.cell(ResultRow.fixed(honest, 0), 8, isNumber: true)
            + ResultRow.cell(ResultRow.fixed(rider, 0), 8, isNumber: true)
            + ResultRow.cell(ResultRow.fixed(ratios.sorted()[middle], 2), 15, isNumber: true) + "  "
            + ratios.map { ResultRow.fixed($0, 2) }.joined(separator: " ")
    }
}
