// SPDX-License-Identifier: Apache-2.0

/// What was lost with one picker when the seed left, in several swarms.
struct DepartureRow: CustomStringConvertible {
    static let heading = "\npicker        whole    pieces lost in each swarm"
    static let legend = """
        8 peers and a seed with lines of 256 KiB/s up and 1 MiB/s down, 32 MiB in pieces of 128 KiB; the seed leaves after
        1.1 copies. whole: swarms in which those that are left have every piece between them.
        """

    let description: String

    init(picker: String, _ lost: [Int]) {
        self.description =
            ResultRow.cell(picker, 14) + ResultRow.cell("\(lost.count { $0 == 0 })/\(lost.count)", 5, isNumber: true)
            + "    " + lost.map { "\($0)" }.joined(separator: " ")
    }
}
