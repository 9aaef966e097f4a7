// SPDX-License-Identifier: Apache-2.0

import Bencode
import SwarmModel

/// What a node keeps for its next run: its ids and some of the nodes that it knows.
package struct LocalNodeSnapshot: Sendable {
    /// Nodes that are kept.
    package static let contactLimit = 200
    private static let limits = BencodeLimits(bytes: 64 << 10, depth: 4, values: 64)

    /// Our ids, by family.
    package var ids: (v4: NodeID?, v6: NodeID?) = (nil, nil)
    /// Nodes that were there.
    package var contacts: [NodeContact] = []

    /// Nothing.
    package init() {}

    /// What is worth keeping of a node.
    package init(of node: LocalNode) {
        self.ids = node.ids
        self.contacts = node.knownContacts(limit: Self.contactLimit)
    }

    /// Reads what `encoded` wrote; nothing of what cannot be read.
    package init(decoding bytes: [UInt8]) {
        guard let top = try? BencodeValue(parsing: bytes, limits: Self.limits).dictionary else { return }
        self.ids.v4 = top["id4"]?.bytes.flatMap { NodeID(bytes: $0) }
        self.ids.v6 = top["id6"]?.bytes.flatMap { NodeID(bytes: $0) }
        self.contacts =
            (NodeContact.list(compact: top["nodes"]?.bytes ?? [], isV6: false) ?? [])
            + (NodeContact.list(compact: top["nodes6"]?.bytes ?? [], isV6: true) ?? [])
    }

    /// The snapshot as bytes.
    package var encoded: [UInt8] {
        var writer = BencodeWriter()
        writer.dictionary { writer in
            for (key, id) in [("id4", self.ids.v4), ("id6", self.ids.v6)] {
                guard let id else { continue }
                writer.key(key)
                writer.write(id.bytes)
            }
            for (key, isV6) in [("nodes", false), ("nodes6", true)] {
                writer.key(key)
                writer.write(self.contacts.filter { $0.endpoint.address.isV6 == isV6 }.flatMap(\.compact))
            }
        }
        return writer.bytes
    }
}
