// SPDX-License-Identifier: Apache-2.0

package import SwarmModel

/// The peers of one answer, packed as announces carry them. Made once and used again, so that an answer allocates
/// nothing.
package struct PeerSelection: Hashable, Sendable {
    /// Six bytes a peer (BEP 23).
    package internal(set) var packedV4 = PackedPeers(capacity: 200 * 6)
    /// Eighteen bytes a peer (BEP 7).
    package internal(set) var packedV6 = PackedPeers(capacity: 200 * 18)

    /// No peers.
    package init() {}

    /// How many peers there are.
    package var count: Int { self.packedV4.count / 6 + self.packedV6.count / 18 }

    /// Empties it and keeps its memory.
    package mutating func removeAll() {
        self.packedV4.removeAll()
        self.packedV6.removeAll()
    }
}

extension PeerSelection {
    /// The peers as endpoints, IPv4 first: for answers in the dictionary form.
    package var endpoints: [PeerEndpoint] {
        Self.endpoints(self.packedV4, width: 6) + Self.endpoints(self.packedV6, width: 18)
    }

    private static func endpoints(_ packed: PackedPeers, width: Int) -> [PeerEndpoint] {
        let bytes = packed.bytes
        return stride(from: 0, to: bytes.count, by: width).compactMap {
            PeerEndpoint(compact: bytes[$0..<min($0 + width, bytes.count)])
        }
    }
}
