// SPDX-License-Identifier: Apache-2.0

/// The daemon's node of the distributed hash table.
package struct HashTableStatus: ControlObject {
    /// Nodes that are known, reached over IPv4.
    package var nodes: Int
    /// Nodes that are known, reached over IPv6.
    package var nodes6: Int
    /// Torrents that are looked for.
    package var searched: Int
    /// Torrents of others whose peers are kept for them.
    package var stored: Int
    /// Queries of others that were answered since the start.
    package var answered: Int
    /// Queries of others that were not, because there were too many.
    package var dropped: Int

    /// The fields, spelt as on the wire.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case nodes
        case nodes6
        case searched
        case stored
        case answered
        case dropped
    }

    /// Takes the fields as they are.
    package init(nodes: Int, nodes6: Int, searched: Int, stored: Int, answered: Int, dropped: Int) {
        self.nodes = nodes
        self.nodes6 = nodes6
        self.searched = searched
        self.stored = stored
        self.answered = answered
        self.dropped = dropped
    }
}
