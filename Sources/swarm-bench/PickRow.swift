// SPDX-License-Identifier: Apache-2.0

/// What a block costs with one picker, by the size of the torrent and of the swarm.
struct PickRow: CustomStringConvertible {
    /// Pieces and peers of each column.
    static let sizes = [(1_000, 50), (10_000, 50), (100_000, 50), (100_000, 500)]
    static let heading = """

        ns a block      1,000   10,000  100,000  100,000 pieces
        picker             50       50       50      500 peers    growth
        """
    static let legend = """
        What a torrent's machine takes to find a block to ask for, picker and timing of its calls included; pieces of 16
        blocks, peers with half of the pieces each. growth: the dearest column by the cheapest.
        """

    let description: String

    init(picker: String, _ costs: [Double]) {
        let growth = (costs.max() ?? 1) / max(costs.min() ?? 1, 1)
        self.description =
            ResultRow.cell(picker, 13)
            + costs.map { ResultRow.cell(ResultRow.fixed($0, 0), 9, isNumber: true) }.joined()
            + ResultRow.cell(ResultRow.fixed(growth, 2), 16, isNumber: true)
    }
}
